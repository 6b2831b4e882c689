"""What the night costs at national scale, beside what others' tools cost for a part of it (`make bench`)."""
