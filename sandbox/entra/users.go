package entra

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"latchkey/sandbox/entra/world"
)

// standardUser are the properties of a user that Graph tells unless others are asked for.
func standardUser() []string {
	return []string{
		"businessPhones", "displayName", "givenName", "id", "jobTitle", "mail", "mobilePhone", "officeLocation", "preferredLanguage", "surname", "userPrincipalName",
	}
}

// userJSON is everything of a user that is modelled, but for sign-ins.
func userJSON(u *world.LiveUser) map[string]any {
	state := any(nil)
	if u.UserType == world.Guest {
		state = "Accepted"
	}
	return map[string]any{
		"id": u.ID, "businessPhones": []string{}, "displayName": u.DisplayName, "givenName": text(u.GivenName), "surname": text(u.Surname),
		"jobTitle": text(u.JobTitle), "mail": text(u.Mail), "mobilePhone": nil, "officeLocation": text(u.OfficeLocation), "preferredLanguage": nil,
		"userPrincipalName": u.UPN, "accountEnabled": !u.Disabled, "department": text(u.Department), "companyName": text(u.CompanyName),
		"employeeId": text(u.EmployeeID), "employeeType": text(u.EmployeeType), "userType": text(u.UserType), "externalUserState": state,
		"createdDateTime": stamp(u.Created), "deletedDateTime": stamp(u.Deleted), "onPremisesSyncEnabled": flag(u.Synced), "otherMails": list(u.OtherMails),
		"proxyAddresses": list(u.ProxyAddresses), "onPremisesExtensionAttributes": extension(u.Extension),
	}
}

// extension are the fifteen attributes that an organisation uses as it likes.
func extension(set map[string]string) map[string]any {
	out := map[string]any{}
	for i := range 15 {
		name := fmt.Sprintf("extensionAttribute%d", i+1)
		out[name] = text(set[name])
	}
	return out
}

// activityJSON is what is told of a user's sign-ins, some while after them; it is absent where there was none. Those that
// apps repeat for somebody are not modelled.
func activityJSON(c *call, u *world.LiveUser) map[string]any {
	success, attempt := c.state.LastSignIns(u, c.signInsAt)
	if success.IsZero() && attempt.IsZero() {
		return nil
	}
	return map[string]any{
		"lastSignInDateTime": stamp(attempt), "lastSignInRequestId": "", "lastNonInteractiveSignInDateTime": nil, "lastNonInteractiveSignInRequestId": "",
		"lastSuccessfulSignInDateTime": stamp(success), "lastSuccessfulSignInRequestId": "",
	}
}

// shownUser is a user with the properties that were asked for.
func shownUser(c *call, u *world.LiveUser) map[string]any {
	all := userJSON(u)
	if a := activityJSON(c, u); a != nil {
		all["signInActivity"] = a
	}
	return projected(all, c.selected, standardUser())
}

func projected(all map[string]any, selected, standard []string) map[string]any {
	if len(selected) == 0 {
		selected = standard
	}
	out := map[string]any{}
	for _, name := range selected {
		if value, known := all[name]; known {
			out[name] = value
		}
	}
	return out
}

// selectable refuses properties that are not modelled.
func (s *Server) selectable(c *call, known map[string]any) *reply {
	for _, name := range c.selected {
		if _, is := known[name]; !is && name != "signInActivity" {
			r := s.refuse(c.Request, fmt.Sprintf("the property %q", name))
			return &r
		}
	}
	return nil
}

// userSelection refuses properties that are not modelled, and sign-ins that may not be seen: they need a permission of
// their own and a premium licence, and whoever asks for them without gets nothing at all.
func (s *Server) userSelection(c *call) *reply {
	var r reply
	switch {
	case !slices.Contains(c.selected, "signInActivity"):
		return s.selectable(c, userJSON(&world.LiveUser{}))
	case !c.may("AuditLog.Read.All"):
		r = problem(http.StatusForbidden, "Authentication_MSGraphPermissionMissing", "Calling principal does not have required MSGraph permissions AuditLog.Read.All")
	case c.free:
		r = unlicensed()
	default:
		c.top = min(c.top, 500) // cut without a word
		return s.selectable(c, userJSON(&world.LiveUser{}))
	}
	return &r
}

func unlicensed() reply {
	return problem(http.StatusForbidden, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", "Neither tenant is B2C or tenant doesn't have premium license")
}

// collection is a list as Graph answers it.
func collection(c *call, context string, items []any, next string, count int) reply {
	if len(c.selected) > 0 && context != "directoryObjects" {
		context += "(" + strings.Join(c.selected, ",") + ")"
	}
	body := map[string]any{"@odata.context": graphHost + "/v1.0/$metadata#" + context, "value": items}
	if next != "" {
		body["@odata.nextLink"] = next
	}
	if c.counted && !c.URL.Query().Has("$skiptoken") {
		body["@odata.count"] = count
	}
	return ok(body)
}

// entity is one resource as Graph answers it.
func entity(c *call, context string, item map[string]any) reply {
	if len(c.selected) > 0 {
		context += "(" + strings.Join(c.selected, ",") + ")"
	}
	body := map[string]any{"@odata.context": graphHost + "/v1.0/$metadata#" + context + "/$entity"}
	maps.Copy(body, item)
	return ok(body)
}

// matching is what a $filter asks for, or the refusal.
func (s *Server) matching(c *call, properties map[string]world.Property) (func(func(string) []string) bool, *reply) {
	expression := c.URL.Query().Get("$filter")
	if expression == "" {
		return func(func(string) []string) bool { return true }, nil
	}
	expression, none, all := s.filter(expression)
	f, err := world.ParseFilter(expression, properties)
	var refused reply
	switch {
	case err != nil:
		refused = unsupportedQuery(err.Error())
		return nil, &refused
	case f.Advanced && !c.counted:
		refused = unsupportedQuery("Unsupported Query: it needs ConsistencyLevel: eventual and $count=true.")
		return nil, &refused
	case none || all:
		return func(func(string) []string) bool { return all }, nil
	}
	return f.Match, nil
}
