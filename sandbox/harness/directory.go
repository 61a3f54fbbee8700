package harness

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/sandbox"
)

// directory looks at or changes one of the world's directories, of whichever kind, by its id in the configuration:
//
//	directory entra has figma-editors maya      expect a membership
//	directory entra add figma-editors maya      an admin adds her by hand; remove: takes her out
//	directory entra rename figma-editors app-figma-editors
//	directory entra group figma-editors         one more of that name, if the directory allows it
//	directory entra delete figma-editors
//	directory entra state maya suspended        active, suspended, left
//	directory entra hire maya first=Maya last=Lind manager=noor department=Design number=40017
//	directory entra account maya login=maya.berg last=Berg
//	directory entra fire maya                   the account is deleted; hired again she has another one
//	directory entra fails add status=500        add, remove, read or any; times=2|all lasts=10m drop=yes after=yes
//	directory google edition basic              one in which memberships don't end by themselves; full: they do
//	directory entra uses Figma maya [ago=30d]   she signs in to it
//	directory entra log-lag 5h                  how long sign-ins from now on take to be on record
//	directory entra works                       nothing fails any more
//	directory entra signs-in maya [noor]        maya asks for a code in Slack; she, or noor, signs in with it; or declines
//	directory entra uses-code maya [noor]       the same with a code that maya is shown in a modal
func (h *Harness) directory(ctx context.Context, args []string) (string, error) {
	if len(args) < 2 {
		return "", errors.New("directory: which one, and what of it?")
	}
	d, err := h.World.Directory(args[0])
	if err != nil {
		return "", err
	}
	words := args[2:]
	switch args[1] {
	case "fails":
		return h.directoryFails(d, words)
	case "signs-in", "uses-code":
		return h.signsInTo(ctx, d, args[1], words)
	case "works":
		d.Mend()
		return d.ID + " works again", nil
	case "uses":
		return h.directoryUse(d, words)
	case "edition":
		return directoryEdition(d, words)
	case "log-lag":
		return directoryLag(d, words)
	case "has", "add", "remove":
		return directoryMember(d, args[1], words)
	case "group", "rename", "delete":
		return "changed a group of " + d.ID, directoryGroup(d, args[1], words)
	}
	return "changed an account in " + d.ID, h.directoryAccount(d, args[1], words)
}

// directoryEdition changes what a directory does for its customer.
func directoryEdition(d sandbox.Directory, words []string) (string, error) {
	editions, has := d.DirectoryService.(interface{ SetBasic(basic bool) })
	if !has || len(words) != 1 || words[0] != "basic" && words[0] != "full" {
		return "", fmt.Errorf("%s has no edition %q", d.ID, words)
	}
	editions.SetBasic(words[0] == "basic")
	return d.ID + " has the edition " + words[0], nil
}

// directoryLag changes how late sign-ins are on record.
func directoryLag(d sandbox.Directory, words []string) (string, error) {
	lagging, lags := d.DirectoryService.(interface{ SetLogLag(by time.Duration) })
	if !lags || len(words) != 1 {
		return "", fmt.Errorf("%s has no log that trails by %q", d.ID, words)
	}
	by, err := span(words[0])
	if err == nil {
		lagging.SetLogLag(by)
	}
	return "the log of " + d.ID + " trails", err
}

// directoryUse has somebody sign in to an application.
func (h *Harness) directoryUse(d sandbox.Directory, words []string) (string, error) {
	if len(words) < 2 {
		return "", errors.New("directory uses: which application, and who?")
	}
	used, keeps := d.DirectoryService.(interface {
		Use(app, address string, at time.Time) error
	})
	if !keeps {
		return "", fmt.Errorf("%s doesn't know when an application was used", d.ID)
	}
	given := options(words[2:])
	long, err := span(given["ago"])
	if err == nil {
		err = onlyKnown(given, "ago")
	}
	if err == nil {
		err = used.Use(words[0], address(words[1]), h.World.Clock.Now().Add(-long))
	}
	return words[1] + " signed in to " + words[0], err
}

func directoryMember(d sandbox.Directory, what string, words []string) (string, error) {
	if len(words) != 2 {
		return "", fmt.Errorf("directory %s: of which group, and whom?", what)
	}
	group, who := words[0], address(words[1])
	if what != "has" {
		return "changed by hand", d.SetMember(group, who, what == "add")
	}
	members := d.Members(group)
	if !slices.ContainsFunc(members, func(m string) bool { return strings.EqualFold(m, who) }) {
		return "", fmt.Errorf("%s in %s holds %v", group, d.ID, members)
	}
	return fmt.Sprintf("%s is in the group %s of %s", words[1], group, d.ID), nil
}

func directoryGroup(d sandbox.Directory, what string, words []string) error {
	switch {
	case what == "rename" && len(words) == 2:
		return d.RenameGroup(words[0], words[1])
	case what == "group" && len(words) == 1:
		return d.AddGroup(words[0], "")
	case what == "delete" && len(words) == 1:
		return d.DeleteGroup(words[0])
	}
	return fmt.Errorf("directory %s: %q is not understood", what, strings.Join(words, " "))
}

func (h *Harness) directoryAccount(d sandbox.Directory, what string, words []string) error {
	if len(words) == 0 {
		return fmt.Errorf("directory %s %s: whom?", d.ID, what)
	}
	who := address(words[0])
	switch {
	case what == "state" && len(words) == 2:
		return d.SetState(who, sandbox.AccountState(words[1]))
	case what == "fire" && len(words) == 1:
		return d.Fire(who)
	case what == "hire":
		a := sandbox.Account{Address: who, Type: "Employee", Created: h.World.Clock.Now(), LastLogin: h.World.Clock.Now()}
		if err := writeAccount(&a, options(words[1:])); err != nil {
			return err
		}
		return d.Hire(a)
	case what == "account":
		var bad error
		err := d.Edit(who, func(a *sandbox.Account) { bad = writeAccount(a, options(words[1:])) })
		return errors.Join(err, bad)
	}
	return fmt.Errorf("directory %s: %q is not understood", d.ID, what)
}

func writeAccount(a *sandbox.Account, given map[string]string) error {
	for key, value := range given {
		switch key {
		case "login":
			a.Address = address(value)
		case "first":
			a.First = value
		case "last":
			a.Last = value
		case "title":
			a.Title = value
		case "department":
			a.Department = value
		case "manager":
			a.Manager = address(value)
		case "type":
			a.Type = value
		case "number":
			a.Number = value
		default:
			return fmt.Errorf("directory: %q is no part of an account that a story can change", key)
		}
	}
	return nil
}

func (h *Harness) directoryFails(d sandbox.Directory, words []string) (string, error) {
	if len(words) == 0 {
		return "", errors.New("directory fails: at what?")
	}
	f, err := readFault(words[1:])
	if err != nil {
		return "", err
	}
	of := sandbox.Operation(words[0])
	if words[0] == "any" {
		of = sandbox.Anything
	}
	return d.ID + " fails", d.Break(sandbox.Trouble{Of: of, Status: f.status, Times: f.times, Until: h.until(f), Drop: f.drop, After: f.after})
}
