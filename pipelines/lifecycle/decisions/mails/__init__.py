"""What a mail says beside the report that came with it: of one line, of all of them, or of none."""
