"""Volume: damaged files, hostile lines, random networks and long runs, seeded; `make torture` runs it for long."""
