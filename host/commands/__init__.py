"""The commands of `depthwise`, one file each."""
