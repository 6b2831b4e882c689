"""Facts that a comment names beside an answer, those that its line asks for or others: values, numbers, places."""
