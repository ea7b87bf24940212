"""Who is signed in, on what, and which systems may call."""
