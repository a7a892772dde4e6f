"""The measurements. Each makes what it needs and removes it again."""
