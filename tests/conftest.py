pytest_plugins = ["kentongan.testing.plugin"]
