"""One file for each sub-command of `depthwise`."""
