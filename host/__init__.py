"""What runs on the desk: command line, builds, virtual boards, serial link, verification."""
