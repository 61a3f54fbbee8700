package entra

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"latchkey/idp"
)

// The permissions of an application that Latchkey uses, each the least that Microsoft's reference names for what it is
// for.
const (
	permitUsers    = "User.Read.All"
	permitMembers  = "GroupMember.ReadWrite.All"
	permitLogs     = "AuditLog.Read.All"
	permitApps     = "Application.Read.All"
	permitSessions = "User.RevokeSessions.All"
	permitRoles    = "RoleManagement.Read.Directory"
	permitHidden   = "Member.Read.Hidden"
)

// permission is one that Latchkey uses, and what for.
type permission struct {
	name     string
	required bool
	purpose  string   // what it is for, as in "finding people"
	also     []string // others that allow the same, and more
}

func permissions() []permission {
	all := []string{"Directory.Read.All", "Directory.ReadWrite.All"}
	return []permission{
		{permitUsers, true, "finding people and their managers", append([]string{"User.ReadWrite.All"}, all...)},
		{permitMembers, true, "reading groups and changing who is in them", []string{"Group.ReadWrite.All", "Directory.ReadWrite.All"}},
		{permitLogs, false, "seeing who uses applications, and who last signed in when", nil},
		{permitApps, false, "seeing applications and the groups assigned to them", append([]string{"Application.ReadWrite.All"}, all...)},
		{permitSessions, false, "ending the sessions of people who leave", []string{"User.ReadWrite.All", "Directory.ReadWrite.All"}},
		{permitRoles, false, "naming the administrator roles that a group carries", append([]string{"RoleManagement.ReadWrite.Directory"}, all...)},
		{permitHidden, false, "groups whose membership is hidden", nil},
	}
}

// Probe implements idp.Prober. What the application was given stands in its token; each is also tried by a harmless read
// where there is one.
func (d *Directory) Probe(ctx context.Context) ([]idp.Finding, error) {
	said, err := d.claims(ctx)
	if errors.Is(err, context.Canceled) {
		return nil, err
	}
	if err != nil {
		return []idp.Finding{{Check: "sign in", Detail: err.Error()}}, nil
	}
	if len(said.Roles) == 0 {
		return []idp.Finding{{Check: "permissions", Detail: "None is granted, so nothing can be read or changed: add those that the guide lists under App registrations > API permissions as application permissions of Microsoft Graph, and grant an administrator's consent."}}, nil
	}
	findings := granted(said.Roles)
	for _, r := range d.reads(said.Roles) {
		f := idp.Finding{Check: r.check, OK: true, Detail: r.seen}
		if err := d.call(ctx, r.check, r.exchange, nil); errors.Is(err, context.Canceled) {
			return findings, err
		} else if err != nil {
			f.OK, f.Detail = false, err.Error()
		}
		findings = append(findings, f)
	}
	if d.cfg.ProbeGroup != "" {
		findings = append(findings, d.proveWrites(ctx))
	}
	if d.cfg.SignInClient != "" {
		findings = append(findings, d.proveSignIn(ctx))
	}
	return findings, nil
}

// proveSignIn begins a sign-in that nobody goes on with: whether the app for it is one that needs no secret is seen then.
// Whether Entra will say when somebody signed in, is not.
func (d *Directory) proveSignIn(ctx context.Context) idp.Finding {
	f := idp.Finding{Check: "people sign in", OK: true, Detail: "A sign-in with a code can be begun. That Entra says when somebody signed in (the optional claim auth_time) is seen at the first yes that needs it."}
	if _, err := (signInApp{d.api, &d.logins}).BeginSignIn(ctx); err != nil {
		f.OK, f.Detail = false, err.Error()
	}
	return f
}

// nobody is an id that no account has.
const nobody = "00000000-0000-4000-8000-000000000000"

// proveWrites has Graph put an account that doesn't exist into the group for this: whoever may change members is told
// that it doesn't know the account, and nothing is changed either way.
func (d *Directory) proveWrites(ctx context.Context) idp.Finding {
	f := idp.Finding{Check: "change members of " + d.cfg.ProbeGroup}
	g, err := d.FindGroup(ctx, d.cfg.ProbeGroup)
	switch {
	case err != nil:
		f.Detail = err.Error()
		return f
	case !g.Governable:
		f.Detail = "It can't be used for this. " + g.Why
		return f
	}
	err = d.call(ctx, f.Check, exchange{method: http.MethodPost, path: "/groups/" + g.ID + "/members/$ref", body: d.reference(nobody)}, nil)
	if f.OK = errors.Is(err, idp.ErrNotFound); f.OK {
		f.Detail = "Members of this group can be changed; nobody was."
	} else if err != nil {
		f.Detail = err.Error()
	} else {
		f.Detail = "Graph takes an account that doesn't exist for a member: look for what lies between here and there."
	}
	return f
}

// probeRead is a harmless read.
type probeRead struct {
	check, seen string
	exchange    exchange
}

func (d *Directory) reads(roles []string) []probeRead {
	one := options("$top", "1", "$select", "id")
	reads := []probeRead{
		{"read people", "Accounts can be found.", exchange{path: "/users", query: one}},
		{"read groups", "Groups can be found.", exchange{path: "/groups", query: one}},
	}
	if slices.Contains(roles, permitLogs) {
		reads = append(reads,
			probeRead{"read the sign-in log", "Last sign-ins to applications can be found, as far as the log reaches.", exchange{path: "/auditLogs/signIns", query: options("$top", "1")}},
			probeRead{"read last sign-ins", "When accounts last signed in to the tenant can be found, some hours later.", exchange{path: "/users", query: options("$select", activitySelect, "$top", "1")}})
	}
	return reads
}

// granted compares what the application was given with what is used: a finding for each, and one for whatever is too
// much.
func granted(roles []string) (findings []idp.Finding) {
	used := map[string]bool{}
	for _, p := range permissions() {
		used[p.name] = true
		f := idp.Finding{Check: "permission " + p.name, OK: true, Detail: "It is granted, for " + p.purpose + "."}
		wider := slices.IndexFunc(p.also, func(a string) bool { return slices.Contains(roles, a) })
		switch {
		case slices.Contains(roles, p.name):
		case wider >= 0:
			f.Note, f.Detail = true, fmt.Sprintf("%s stands in for it: grant %s instead.", p.also[wider], p.name)
		case p.required:
			f.OK, f.Detail = false, fmt.Sprintf("It isn't granted, and is needed for %s: add it under App registrations > API permissions and grant an administrator's consent.", p.purpose)
		default:
			f.Note, f.Detail = true, fmt.Sprintf("It isn't granted; it is only needed for %s.", p.purpose)
		}
		findings = append(findings, f)
	}
	var much []string
	for _, r := range roles {
		if !used[r] {
			much = append(much, r)
		}
	}
	if slices.Sort(much); len(much) > 0 {
		findings = append(findings, idp.Finding{Check: "permissions beyond need", OK: true, Note: true, Detail: "Latchkey has no use for " + strings.Join(much, ", ") + ": grant those that are named here instead, and then remove it under App registrations > API permissions."})
	}
	return findings
}
