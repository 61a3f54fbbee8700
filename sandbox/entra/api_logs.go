package entra

import (
	"slices"
	"time"

	"latchkey/sandbox/entra/world"
)

// signInsKept is how long the sign-in log of a tenant with a premium licence reaches back.
const signInsKept = 30 * 24 * time.Hour

// listSignIns is the log of interactive and federated sign-ins, newest first, with those that failed. It needs a premium
// licence.
func (s *Server) listSignIns(c *call) reply {
	if c.free {
		return unlicensed()
	}
	match, refused := s.matching(c, world.SignInProperties())
	if refused != nil {
		return *refused
	}
	type entry struct {
		world.SignIn
		seq int64
	}
	var hits []entry
	for i, one := range slices.Backward(c.state.SignIns) {
		if match(one.Attribute) && one.At.After(s.now().Add(-signInsKept)) && !one.Shown.After(s.now()) {
			hits = append(hits, entry{one, int64(len(c.state.SignIns) - i)})
		}
	}
	page, next := pageOf(c, hits, func(e entry) int64 { return e.seq })
	items := make([]any, len(page))
	for i, e := range page {
		items[i] = signInJSON(c, e.SignIn)
	}
	return collection(c, "auditLogs/signIns", items, next, len(hits))
}

func signInJSON(c *call, i world.SignIn) map[string]any {
	out := map[string]any{
		"id": i.ID, "createdDateTime": stamp(i.At), "userId": i.UserID, "appId": i.AppID, "isInteractive": true, "clientAppUsed": "Browser",
		"correlationId": i.ID, "conditionalAccessStatus": "notApplied", "ipAddress": "192.0.2.1", "userDisplayName": nil, "userPrincipalName": nil, "appDisplayName": nil,
		"status": map[string]any{"errorCode": i.ErrorCode, "failureReason": nil, "additionalDetails": nil},
	}
	if u := c.state.UserAt(i.UserID, c.at); u != nil {
		out["userDisplayName"], out["userPrincipalName"] = u.DisplayName, u.UPN
	}
	return out
}

// listAudits is the directory's audit log, newest first unless it is asked for the other way.
func (s *Server) listAudits(c *call) reply {
	match, refused := s.matching(c, world.AuditProperties())
	if refused != nil {
		return *refused
	}
	order := c.URL.Query().Get("$orderby")
	if order != "" && order != "activityDateTime" && order != "activityDateTime asc" {
		return s.refuse(c.Request, "the order "+order)
	}
	type entry struct {
		world.Audit
		seq int64
	}
	var hits []entry
	for i, one := range c.state.Audits {
		if match(one.Attribute) && !one.Shown.After(s.now()) {
			hits = append(hits, entry{one, int64(i + 1)})
		}
	}
	if order == "" {
		slices.Reverse(hits)
		for i := range hits {
			hits[i].seq = int64(i + 1)
		}
	}
	page, next := pageOf(c, hits, func(e entry) int64 { return e.seq })
	items := make([]any, len(page))
	for i, e := range page {
		items[i] = auditJSON(e.Audit)
	}
	return collection(c, "auditLogs/directoryAudits", items, next, len(hits))
}

func auditJSON(a world.Audit) map[string]any {
	return map[string]any{
		"id": a.ID, "category": a.Category, "correlationId": a.ID, "result": "success", "resultReason": "", "activityDisplayName": a.Activity,
		"activityDateTime": a.At.UTC().Format("2006-01-02T15:04:05.0000000Z"), "loggedByService": "Core Directory", "operationType": "Update",
		"targetResources": []any{map[string]any{"id": a.Target, "displayName": nil, "type": "User", "userPrincipalName": nil, "modifiedProperties": []any{}}},
	}
}
