"""The ledger's arithmetic: plain values in, Decimals out, no database."""

from portal.benefits.calculations.conversions import whole_time_equivalents, working_days
from portal.benefits.calculations.eligibility import answering
from portal.benefits.calculations.ledger import shares_of, work_out, work_out_parts
from portal.benefits.calculations.scaling import (
    NotScaled,
    Observation,
    Scale,
    Scaling,
    WhyNotScaled,
    differences,
    to_significant,
    work_out_scaling,
)
from portal.benefits.calculations.values import (
    Candidate,
    Counted,
    DifferentValues,
    Ledger,
    LeftOut,
    MeasureRule,
    PartsExceedWhole,
    Question,
    Reason,
    Setting,
)

__all__ = [
    "Candidate",
    "Counted",
    "DifferentValues",
    "Ledger",
    "LeftOut",
    "MeasureRule",
    "NotScaled",
    "Observation",
    "PartsExceedWhole",
    "Question",
    "Reason",
    "Scale",
    "Scaling",
    "Setting",
    "WhyNotScaled",
    "answering",
    "differences",
    "shares_of",
    "to_significant",
    "whole_time_equivalents",
    "work_out",
    "work_out_parts",
    "work_out_scaling",
    "working_days",
]
