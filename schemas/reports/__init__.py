"""What people read: report, mail, page, and the figures on them."""
