"""What lives inside other programs."""
