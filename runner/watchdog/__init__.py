"""Cancel a deploy's orders from a process of its own, once the deploy's loop is silent or gone."""
