"""The user's own data: pictures and arrays from outside."""
