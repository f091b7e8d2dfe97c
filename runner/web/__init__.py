"""Show deploys in a browser, and take what a person asks of them: a process of its own."""
