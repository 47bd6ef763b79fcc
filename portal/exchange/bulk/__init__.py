"""The whole public catalogue as files: JSON Lines, CSV and a workbook, with what explains and checks them.

The rows are the API's: its views fetch them and its serializers say them, so that a figure reads
the same in a file as everywhere else. Tables are those rows laid flat.
"""
