"""Assignments: made from their masters, graded with the judge apart from the judged."""
