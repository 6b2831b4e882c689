"""What everybody's access hangs on: nobody comes or goes by words that were not all understood (contract §6a)."""
