"""From a plan to C: views hold every number and name, templates the shape."""
