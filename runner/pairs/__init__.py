"""Hold two markets against each other for what funding pays, live and on paper."""
