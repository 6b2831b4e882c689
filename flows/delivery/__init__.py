"""How reports, and the mails beside them, leave: to whom, once, and what became of each."""
