"""`make bench`: the hot paths of the kit, each as a ratio to a bare loop of the same run."""
