package google

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	admin "google.golang.org/api/admin/directory/v1"
	reports "google.golang.org/api/admin/reports/v1"
	cloudidentity "google.golang.org/api/cloudidentity/v1"

	"latchkey/idp"
)

// rights are those that Latchkey has with the customer.
type rights struct {
	*api
	people *accounts

	mu     sync.Mutex
	beyond struct { // what was found of rights that aren't needed; guarded by mu
		found idp.Finding
		until time.Time
	}
}

// feature is what one scope is for.
type feature struct {
	scope, check, seen string
	without            string // what doesn't work without it; "" for what all depends on
	read               func(context.Context) error
}

// features are what Latchkey asks of Google, with a harmless read for each.
func (d *rights) features() []feature {
	all := []feature{
		{admin.AdminDirectoryUserReadonlyScope, "read people", "Accounts can be found.", "", func(ctx context.Context) error {
			_, err := d.admin.Users.List().Customer(myCustomer).MaxResults(1).Context(ctx).Do()
			return err
		}},
		{admin.AdminDirectoryGroupReadonlyScope, "read groups", "Groups can be found.", "", func(ctx context.Context) error {
			_, err := d.admin.Groups.List().Customer(myCustomer).MaxResults(1).Context(ctx).Do()
			return err
		}},
		{admin.AdminDirectoryGroupMemberScope, "change members", "The scope to change who is in groups is granted; whether the administrator may is seen where probe_group names a group to try it in.", "", nil},
		{cloudidentity.CloudIdentityGroupsReadonlyScope, "see what fills groups", "Groups that a query or another system fills can be told from those that may be changed.", "", func(ctx context.Context) error {
			customer, err := d.people.Tenant(ctx)
			if err == nil {
				_, err = d.cloud.Groups.List().Parent("customers/" + customer).PageSize(1).Context(ctx).Do()
			}
			return err
		}},
		{reports.AdminReportsAuditReadonlyScope, "read reports", "Last uses of applications can be found.", "last uses of applications are not known", func(ctx context.Context) error {
			_, err := d.reports.Activities.List("all", "token").EventName("authorize").MaxResults(1).Context(ctx).Do()
			return err
		}},
		{admin.AdminDirectoryUserSecurityScope, "end sessions", "The scope to sign people out is granted.", "people's sessions in Google can't be ended", nil},
		{admin.AdminDirectoryRolemanagementReadonlyScope, "read administrator roles", "Groups that make administrators can be told.", "groups that make administrators can't be told", func(ctx context.Context) error {
			_, err := d.admin.RoleAssignments.List(myCustomer).MaxResults(1).Context(ctx).Do()
			return err
		}},
	}
	if !d.cfg.NoExpiry {
		all = append(all, feature{cloudidentity.CloudIdentityGroupsScope, "end memberships", "The scope by which Google also ends memberships by itself is granted.", "Latchkey alone ends memberships", nil})
	}
	return all
}

// Probe makes harmless reads. Each scope is asked for by itself, so that each that lacks is named; what is granted beyond
// what Latchkey uses is named too, because whoever has the key has it as well.
func (d *rights) Probe(ctx context.Context) ([]idp.Finding, error) {
	var findings []idp.Finding
	for _, f := range d.features() {
		finding := d.probe(ctx, f)
		if ctx.Err() != nil {
			return findings, ctx.Err()
		}
		findings = append(findings, finding)
	}
	return append(findings, d.excess(ctx)), nil
}

func (d *rights) probe(ctx context.Context, f feature) idp.Finding {
	err := d.call(ctx, f.scope, f.check, func(ctx context.Context) error {
		if f.read == nil {
			_, err := d.tokens.get(ctx, f.scope)
			return err
		}
		return f.read(ctx)
	})
	switch {
	case err == nil:
		return idp.Finding{Check: f.check, OK: true, Detail: f.seen}
	case f.without != "" && errors.Is(err, idp.ErrDenied) && saying(err) == nil:
		// Not granted on purpose, most likely: everything else works.
		return idp.Finding{Check: f.check, OK: true, Note: true, Detail: "Without it, " + f.without + ". " + err.Error()}
	}
	return idp.Finding{Check: f.check, Detail: err.Error()}
}

// broader are scopes that Latchkey never needs, and what they would let it do.
func (d *rights) broader() [][2]string {
	all := [][2]string{
		{admin.AdminDirectoryUserScope, "create, change and delete accounts"},
		{admin.AdminDirectoryGroupScope, "create, change and delete groups"},
		{admin.AdminDirectoryRolemanagementScope, "make administrators"},
		{admin.CloudPlatformScope, "everything in Google Cloud that the administrator may"},
	}
	if d.cfg.NoExpiry {
		all = append(all, [2]string{cloudidentity.CloudIdentityGroupsScope, "change groups by Cloud Identity"})
	}
	return all
}

// beyondFor is how long what was found of rights that aren't needed is taken as known: Google writes down each token that
// is asked for.
const beyondFor = 24 * time.Hour

// excess is what was found lately of rights beyond those that Latchkey uses, or is found now.
func (d *rights) excess(ctx context.Context) idp.Finding {
	now := d.cfg.Clock.Now()
	d.mu.Lock()
	known := d.beyond
	d.mu.Unlock()
	if known.until.After(now) {
		return known.found
	}
	known.found = d.lookBeyond(ctx)
	if known.until = now.Add(beyondFor); known.found.OK {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.beyond = known
	}
	return known.found
}

func (d *rights) lookBeyond(ctx context.Context) idp.Finding {
	f := idp.Finding{Check: "no more rights than needed", OK: true, Detail: "None was found."}
	me, err := d.people.subject(ctx)
	if err != nil {
		return idp.Finding{Check: f.Check, Detail: err.Error()}
	}
	var more []string
	if me.IsAdmin {
		more = append(more, fmt.Sprintf("The administrator %s is a super administrator: act for one with a role of its own, which has only the privileges that the docs list.", d.cfg.Subject))
	}
	for _, b := range d.broader() {
		if _, err := d.tokens.fetch(ctx, b[0]); err == nil {
			more = append(more, fmt.Sprintf("The service account is granted the scope %s, by which whoever has its key may %s: take it out of the domain-wide delegation.", b[0], b[1]))
		}
	}
	if len(more) > 0 {
		f.Note, f.Detail = true, "It has more than it needs. "+strings.Join(more, " ")
	}
	return f
}
