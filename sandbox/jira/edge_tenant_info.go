package jira

func getTenant(c *call) (reply, error) { return ok(obj{"cloudId": c.s.cfg.CloudID}), nil }
