package people

import (
	"context"
	"fmt"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/workflow/engine"
)

// verification knows how surely people have their accounts in directories, and what
// they can do about it.
type verification struct {
	known   *identities
	catalog func() *catalog.Catalog
	command string
	codes   bool // an organization states whose accounts in Jira are, so that a code written there proves more than that
}

// Verified refuses a role that opens groups in several directories to somebody whom one of them doesn't know, and one that does much harm in the wrong hands to somebody of whom
// it isn't known surely which account in its directories is theirs. Whoever asks reads
// what to do about it.
func (v verification) Verified(ctx context.Context, asks access.PersonID, holder access.Person, ref catalog.RoleRef) error {
	if err := v.placed(ctx, asks, holder, ref); err != nil {
		return err
	}
	name, directory := v.missing(ctx, holder, ref)
	switch {
	case directory == "":
		return nil
	case asks != holder.ID:
		return access.Refuse(access.Unproved, "person", fmt.Sprintf("%s does much harm in the wrong hands, and it isn't proved yet which account in %s is that of %s. They %s. Ask again after that.",
			name, directory, holder.Display(), v.ways(directory, "", " themselves, or IT confirms it", "ask IT to confirm it")))
	}
	return access.Refuse(access.Unproved, "role", fmt.Sprintf("%s does much harm in the wrong hands, so it has to be proved once which account in %s is yours. %s Then ask again.", name, directory, v.howTo(holder, directory)))
}

// missing is a directory in which somebody is not known surely enough for a role, ""
// if there is none.
func (v verification) missing(ctx context.Context, p access.Person, ref catalog.RoleRef) (name, directory string) {
	app, role, ok := engine.Offered(ctx, v.catalog).Role(ref.App, ref.Role)
	name = app.Name + " · " + role.Name
	if !ok || !role.NeedsVerified() || len(v.known.dirs) == 0 {
		return name, ""
	}
	for _, directory := range role.Directories() {
		if !knows(v, p, directory) {
			return name, directory
		}
	}
	if len(role.Groups) == 0 && !knownAnywhere(v, p) { // people make the change, for whoever they take them for
		return name, v.known.dirs[0].ID()
	}
	return name, ""
}

// knows tells whether it is sure which account in a directory is somebody's.
func knows(v verification, p access.Person, directory string) bool {
	return p.KnownBy(directory, v.known.signIn, v.known.units.Now()).AtLeast(access.AssuranceVerified)
}

func knownAnywhere(v verification, p access.Person) bool {
	for _, d := range v.known.dirs {
		if knows(v, p, d.ID()) {
			return true
		}
	}
	return false
}

// yes says why somebody's yes to a role can't count: no account in any directory is
// surely theirs, or the one in Jira isn't by which they answer.
func (v verification) yes(ctx context.Context, p access.Person, by access.Actor, ref catalog.RoleRef) error {
	app, role, ok := engine.Offered(ctx, v.catalog).Role(ref.App, ref.Role)
	name := app.Name + " · " + role.Name
	switch {
	case !ok || !role.NeedsVerified() || len(v.known.dirs) == 0:
		return nil
	case by.Via == access.ViaJira && !surelyInJira(p):
		return access.Refuse(access.Unproved, "", fmt.Sprintf("%s does much harm in the wrong hands, and it isn't proved whose account in Jira said yes to it. Please say yes in Slack.", name))
	case knownAnywhere(v, p):
		return nil
	}
	directory := v.known.dirs[0].ID()
	if in := role.Directories(); len(in) > 0 {
		directory = in[0]
	}
	return access.Refuse(access.Unproved, "", fmt.Sprintf("%s does much harm in the wrong hands, so a yes counts only once it is proved which account in %s is yours. %s Then answer again: the request waits for you.", name, directory, v.howTo(p, directory)))
}

func surelyInJira(p access.Person) bool {
	b, bound := p.Bound(access.SystemJira)
	return bound && b.Level.AtLeast(access.AssuranceVerified)
}

// holder says why a role can't be given to somebody yet, whoever says yes, and what
// they can do about it.
func (v verification) holder(ctx context.Context, p access.Person, ref catalog.RoleRef) (remedy string, doubt error) {
	name, directory := v.missing(ctx, p, ref)
	if directory == "" {
		return "", nil
	}
	return fmt.Sprintf("It has to be proved once which account in %s is yours. %s", directory, v.howTo(p, directory)),
		access.Refuse(access.Unproved, "", fmt.Sprintf("It isn't proved yet which account in %s is that of %s, and %s is given only where that is sure. They read from me how to prove it. The request waits: please say yes again after that.", directory, p.Display(), name))
}

// howTo says what somebody can do to have their account known surely.
func (v verification) howTo(p access.Person, directory string) string {
	if when := access.CountsFrom(p, directory, v.known.units.Now()); !when.IsZero() {
		return fmt.Sprintf("You have signed in to prove it, which counts from %s on: until then whoever the account belongs to would hear of a mistake. IT can confirm it sooner.", access.FullMoment(when))
	}
	return v.ways(directory, "To do that, ", ", or ask IT to confirm it.", "Ask IT to confirm it.")
}

// ways say what there is to do: what a person can do alone, between two other parts of
// the sentence, or else what only IT can.
func (v verification) ways(directory, before, after, byIT string) string {
	d, _ := v.known.dirs.Get(directory)
	if _, able := idp.As[idp.SignIn](d); able {
		return fmt.Sprintf("%stype “%s connect %s” in Slack and sign in%s", before, v.command, directory, after)
	}
	if v.codes {
		return fmt.Sprintf("%stype “%s connect” in Slack, with the key of a request of yours in Jira, and write the code you get on that request%s", before, v.command, after)
	}
	return byIT
}
