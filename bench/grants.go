package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/store/bolt"
)

// grantID is the id of the grant of request n.
func grantID(n int) string { return fmt.Sprintf("G-%08d", n) }

// fillGrants makes active grants, each with its request and the event that
// started it. They end from tomorrow on, spread over a month.
func (h *house) fillGrants(ctx context.Context, from, count int) error {
	if err := fillPeople(ctx, h.store, h.people); err != nil {
		return err
	}
	now := time.Now().UTC().Truncate(time.Second)
	return batches(ctx, h.store, count, func(tx store.Tx, i int) error {
		n := from + i
		r := approvedRequest(n, now)
		if err := store.PutRequest(tx, &r); err != nil {
			return err
		}
		g := activeGrant(r, now.Add(24*time.Hour+time.Duration(n*7919%2_592_000)*time.Second))
		if err := store.PutGrant(tx, &g); err != nil {
			return err
		}
		_, err := store.Append(tx, g.Event(access.EventMemberAdded, access.System(), now))
		return err
	})
}

func approvedRequest(n int, at time.Time) access.Request {
	who := idOf(userID(1 + n%crowd))
	by := access.Actor{Person: idOf(approver), Via: access.ViaSlack, Account: approver}
	return access.Request{
		ID: requestID(n), Origin: fmt.Sprintf("V%010d", n), Requester: who, Beneficiary: who, App: appID(n / crowd % appCount), Role: "editor",
		Wanted: 30 * catalog.Day, Allowed: 30 * catalog.Day, Reason: "Launch assets for the spring campaign", Route: "owner", State: access.RequestApproved,
		Stages:  []access.Stage{{Asked: []access.PersonID{by.Person}, AskedAt: at, Answers: []access.Answer{{By: by, Yes: true, At: at}}}},
		Issue:   access.Issue{ID: fmt.Sprint(10_000 + n), Key: fmt.Sprintf("IT-%d", n), URL: fmt.Sprintf("https://acme.atlassian.net/browse/IT-%d", n)},
		Created: at, Decided: at,
	}
}

func activeGrant(r access.Request, ends time.Time) access.Grant {
	return access.Grant{
		ID: r.GrantID(), Request: r.ID, Person: r.Beneficiary, App: r.App, Role: r.Role, Source: access.SourceRequested, State: access.GrantActive,
		Entitlements: []access.Entitlement{{Group: catalog.GroupRef{Directory: "okta", Group: r.App}, State: access.EntitlementHeld, Absent: true}},
		Wanted:       r.Allowed, Created: r.Created, Started: r.Created, Ends: ends,
	}
}

// reschedule gives the first count grants the ends that when says.
func reschedule(ctx context.Context, s store.Store, count int, when func(n int) time.Time) error {
	return batches(ctx, s, count, func(tx store.Tx, n int) error {
		g, err := store.Grant(tx, grantID(n))
		if err != nil {
			return err
		}
		g.Ends = when(n)
		return store.PutGrant(tx, &g)
	})
}

// filled makes a store with so many active grants, once, and copies it to dir.
func (b *bench) filled(ctx context.Context, grants int, dir string) (string, error) {
	master := filepath.Join(b.dir, fmt.Sprintf("grants-%d.db", grants))
	if _, err := os.Stat(master); errors.Is(err, os.ErrNotExist) {
		b.say("  making %d grants", grants)
		if err := fillStore(ctx, master, grants); err != nil {
			return "", errors.Join(err, os.Remove(master))
		}
	}
	path := filepath.Join(dir, "latchkey.db")
	return path, errors.Join(copyFile(master, path), copySealed(master, path))
}

// copySealed copies the part of the log that lies beside the main file.
func copySealed(from, to string) error {
	err := os.CopyFS(to+".events", os.DirFS(from+".events"))
	if errors.Is(err, os.ErrNotExist) {
		return nil // nothing is sealed yet
	}
	return err
}

func fillStore(ctx context.Context, path string, grants int) error {
	s, err := openStore(path, bolt.Options{NoSync: true})
	if err != nil {
		return err
	}
	h := &house{store: s, catalog: shop(), people: crowd}
	return errors.Join(h.fillGrants(ctx, 0, grants), s.Close())
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// sizes are the numbers of grants to measure with.
func (b *bench) sizes() []int {
	if b.short {
		return []int{1_000, 50_000}
	}
	return []int{1_000, 100_000, 1_000_000}
}
