package world

import (
	"strconv"
	"time"
)

// stamp is a moment as expressions have it.
func stamp(t time.Time) []string { return []string{t.UTC().Format(time.RFC3339Nano)} }

func some(values ...string) (out []string) {
	for _, v := range values {
		if v != "" {
			out = append(out, v)
		}
	}
	return out
}

// UserProperties are those that a $filter of users may use.
func UserProperties() map[string]Property {
	return map[string]Property{
		"id": Text, "mail": Text, "userPrincipalName": Text, "displayName": Text, "givenName": Text, "surname": Text, "jobTitle": Text,
		"department": Text, "employeeId": Text, "employeeType": Text, "userType": Text, "accountEnabled": Flag, "createdDateTime": Moment,
		"otherMails": TextList, "proxyAddresses": TextList,
	}
}

// Attribute is one property of the account as expressions name it.
func (u *LiveUser) Attribute(name string) []string {
	switch name {
	case "accountEnabled":
		return []string{strconv.FormatBool(!u.Disabled)}
	case "createdDateTime":
		return stamp(u.Created)
	case "otherMails":
		return u.OtherMails
	case "proxyAddresses":
		return u.ProxyAddresses
	}
	return some(map[string]string{
		"id": u.ID, "mail": u.Mail, "userPrincipalName": u.UPN, "displayName": u.DisplayName, "givenName": u.GivenName, "surname": u.Surname,
		"jobTitle": u.JobTitle, "department": u.Department, "employeeId": u.EmployeeID, "employeeType": u.EmployeeType, "userType": u.UserType,
	}[name])
}

// GroupProperties are those that a $filter of groups may use.
func GroupProperties() map[string]Property {
	return map[string]Property{
		"id": Text, "displayName": Text, "description": Text, "mailEnabled": Flag, "securityEnabled": Flag, "isAssignableToRole": Flag, "groupTypes": TextList,
	}
}

// Attribute is one property of the group as expressions name it.
func (g *LiveGroup) Attribute(name string) []string {
	switch name {
	case "mailEnabled":
		return []string{strconv.FormatBool(g.MailEnabled || g.Unified)}
	case "securityEnabled":
		return []string{strconv.FormatBool(!g.Unified)}
	case "isAssignableToRole":
		return []string{strconv.FormatBool(g.RoleAssignable)}
	case "groupTypes":
		return g.Kinds()
	}
	return some(map[string]string{"id": g.ID, "displayName": g.Name, "description": g.Description}[name])
}

// AppProperties are those that a $filter of service principals may use.
func AppProperties() map[string]Property {
	return map[string]Property{"id": Text, "appId": Text, "displayName": Text, "tags": TextList}
}

// Attribute is one property of the service principal as expressions name it.
func (a *LiveApp) Attribute(name string) []string {
	if name == "tags" {
		return a.Tags
	}
	return some(map[string]string{"id": a.ID, "appId": a.AppID, "displayName": a.Name}[name])
}

// SignInProperties are those that a $filter of the sign-in log may use.
func SignInProperties() map[string]Property {
	return map[string]Property{"userId": Text, "appId": Text, "createdDateTime": Moment}
}

// Attribute is one property of the entry as expressions name it.
func (i SignIn) Attribute(name string) []string {
	if name == "createdDateTime" {
		return stamp(i.At)
	}
	return some(map[string]string{"userId": i.UserID, "appId": i.AppID}[name])
}

// AuditProperties are those that a $filter of the audit log may use.
func AuditProperties() map[string]Property {
	return map[string]Property{"activityDateTime": Moment, "activityDisplayName": Text, "category": Text}
}

// Attribute is one property of the entry as expressions name it.
func (a Audit) Attribute(name string) []string {
	if name == "activityDateTime" {
		return stamp(a.At)
	}
	return some(map[string]string{"activityDisplayName": a.Activity, "category": a.Category}[name])
}
