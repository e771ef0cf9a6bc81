"""Words of one text laid beside those of another, and one space laid on another."""
