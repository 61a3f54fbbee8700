package jira

import "time"

func getDeskInfo(c *call) (reply, error) {
	return ok(obj{"version": "5.17.0-SNAPSHOT", "platformVersion": "1001.0.0-SNAPSHOT", "buildChangeSet": "cbff30ae",
		"buildDate": c.date(time.Date(2026, 6, 18, 9, 12, 44, 0, time.UTC)), "isLicensedForUse": true,
		"_links": obj{"self": c.deskAPI() + "/info"}}), nil
}
