"""Every figure of the budgets, measured on the real guide beside plain MkDocs with the same words (`make bench`)."""
