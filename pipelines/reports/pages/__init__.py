"""The administrator's figures: how the accesses stand, and the page they are drawn on."""
