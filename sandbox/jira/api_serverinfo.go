package jira

func getServerInfo(c *call) (reply, error) {
	return ok(obj{
		"baseUrl": c.base, "displayUrl": c.base, "displayUrlServicedeskHelpCenter": c.base,
		"version": "1001.0.0-SNAPSHOT", "versionNumbers": []int{1001, 0, 0}, "deploymentType": "Cloud",
		"buildNumber": 100290, "buildDate": "2026-06-18T09:12:44.000+0000", "serverTime": c.stamp(c.site.Now()),
		"scmInfo": "cbff30ae", "serverTitle": "Jira", "serverTimeZone": "Etc/UTC",
	}), nil
}
