"""What the store keeps of mails and of what came back."""
