package okta

import (
	"maps"

	"latchkey/sandbox/okta/world"
)

const userTypeID = "otysandbox0000default"

func profileOf(u world.User) map[string]any {
	p := map[string]any{
		"login": u.Login, "email": u.Email, "firstName": u.First, "lastName": u.Last,
		"displayName": text(world.FullName(u.First, u.Last)), "title": text(u.Title), "department": text(u.Department),
		"managerId": text(u.ManagerID), "manager": text(u.Manager),
		"userType": text(u.UserType), "secondEmail": text(u.SecondEmail), "mobilePhone": nil,
	}
	if u.EmployeeNumber != "" { // absent rather than null, says Okta's schema
		p["employeeNumber"] = u.EmployeeNumber
	}
	maps.Copy(p, u.Custom)
	return p
}

func userJSON(u world.User, base string) map[string]any {
	return map[string]any{
		"id": u.ID, "status": u.Status, "created": stamp(u.Created), "activated": stamp(u.Created),
		"statusChanged": stamp(u.StatusChanged), "lastLogin": stamp(u.LastLogin),
		"lastUpdated": stamp(u.StatusChanged), "passwordChanged": nil,
		"type": map[string]any{"id": userTypeID}, "profile": profileOf(u),
		"credentials": map[string]any{"provider": map[string]any{"type": "OKTA", "name": "OKTA"}},
		"_links":      map[string]any{"self": link(base + "/api/v1/users/" + u.ID)},
	}
}

func userList(base string, users []*world.LiveUser) []any {
	out := make([]any, len(users))
	for i, u := range users {
		out[i] = userJSON(u.User, base)
	}
	return out
}

func link(href string) map[string]any { return map[string]any{"href": href} }
