"""What could this mean for us? What sites observed, scaled to a reader's own number of people."""
