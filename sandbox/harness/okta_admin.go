package harness

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"latchkey/sandbox"
	"latchkey/sandbox/okta"
)

// oktaAdmin changes accounts and groups as administrators and HR feeds do.
// Addresses may be handles.
//
//	okta hire newton first=Newt last=On department=Design manager=noor status=STAGED
//	okta account maya login=maya.berg last=Berg    a new login is a new address, too
//	okta account ada email=ada.byron@acme-group.example
//	okta fire noor                                 the account is deleted for good
//	okta attribute maya managers list=noor|priya   or number=40017, text=…
//	okta group figma-editors type=APP_GROUP        one more of that name
//	okta regroup figma-editors name=app-figma-editors type=APP_GROUP
//	okta group-role figma-editors SUPER_ADMIN      its members are administrators of the org; none: not any more
//	okta app Loom loom-creators loom-admins        an application that these groups are assigned to; one that is called so already has them besides
//	okta delete figma-editors                      the group
//	okta token another                             the bot's token is replaced; the old one ends
//	okta crowd figma-editors 2500                  so many people more in a group
//	okta joins maya 1200                           so many groups more for a person
//	okta log-lag 20s                               how long the System Log trails what happens from now on
func (h *Harness) oktaAdmin(args []string) (string, error) {
	if len(args) < 2 {
		return "", fmt.Errorf("okta: %q is not understood", strings.Join(args, " "))
	}
	given := options(args[2:])
	switch args[0] {
	case "hire":
		return h.hire(args[1], given)
	case "account":
		return h.oktaAccount(args[1], given)
	case "fire":
		h.World.Okta.DeleteUser(address(args[1]))
		return args[1] + " has no account any more", nil
	case "attribute":
		return h.attribute(args[1], args[2:])
	case "group":
		err := onlyKnown(given, "id", "type", "description")
		if err == nil {
			h.World.Okta.AddGroup(okta.Group{ID: given["id"], Name: args[1], Description: given["description"], Type: given["type"]})
		}
		return "one more group " + args[1], err
	case "regroup":
		return h.regroup(args[1], given)
	case "group-role":
		return "", h.groupRole(args[1:])
	case "app":
		return h.oktaApp(args[1], args[2:])
	case "delete":
		return "deleted", errIf(!h.World.Okta.DeleteGroup(args[1]), "okta: there is no group "+args[1])
	case "token":
		h.World.Okta.RotateToken(args[1])
		return "the bot has another token", nil
	case "log-lag":
		lag, err := time.ParseDuration(args[1])
		h.World.Okta.SetLogLag(lag)
		return "the System Log trails", err
	case "crowd", "joins":
		return h.many(args)
	case "uses", "idle":
		return h.oktaUse(args)
	}
	return "", fmt.Errorf("okta: %q is not understood", strings.Join(args, " "))
}

// oktaApp assigns groups to an application, which is made unless there is one of that name.
func (h *Harness) oktaApp(label string, groups []string) (string, error) {
	app := okta.App{Label: label}
	snapshot := h.World.Okta.Snapshot()
	for _, a := range snapshot.Apps {
		if a.Label == label {
			app = a
		}
	}
	for _, name := range groups {
		if !slices.ContainsFunc(snapshot.Groups, func(g okta.Group) bool { return g.Name == name }) {
			return "", fmt.Errorf("okta: there is no group %s", name)
		}
	}
	app.Groups = append(slices.Clone(app.Groups), groups...)
	h.World.Okta.AddApp(app)
	return label + " lets them in", nil
}

// address is what a word means as an address: a handle is one at Acme.
func address(word string) string {
	if word == "" || strings.Contains(word, "@") {
		return word
	}
	return sandbox.Email(word)
}

func (h *Harness) hire(handle string, given map[string]string) (string, error) {
	u := okta.User{Login: address(handle), Status: given["status"], LastLogin: h.World.Clock.Now().Add(-time.Hour)}
	delete(given, "status")
	for _, old := range h.World.Okta.Users() {
		if strings.EqualFold(old.Login, u.Login) {
			return "", fmt.Errorf("okta: %s has an account already", handle)
		}
	}
	if err := applyProfile(&u, given); err != nil {
		return "", fmt.Errorf("okta hire: %w", err)
	}
	return h.World.Okta.AddUser(u).Login + " has an account", nil
}

func (h *Harness) oktaAccount(handle string, given map[string]string) (string, error) {
	if login, ok := given["login"]; ok && given["email"] == "" {
		given["email"] = login
	}
	var bad error
	err := h.World.Okta.EditUser(address(handle), func(u *okta.User) { bad = applyProfile(u, given) })
	if bad != nil {
		return "", fmt.Errorf("okta account: %w", bad)
	}
	return "changed the account of " + handle, err
}

func applyProfile(u *okta.User, given map[string]string) error {
	set := map[string]func(string){
		"login":      func(v string) { u.Login = address(v) },
		"email":      func(v string) { u.Email = address(v) },
		"first":      func(v string) { u.First = v },
		"last":       func(v string) { u.Last = v },
		"department": func(v string) { u.Department = v },
		"title":      func(v string) { u.Title = v },
		"type":       func(v string) { u.UserType = v },
		"number":     func(v string) { u.EmployeeNumber = v },
		"manager":    func(v string) { u.ManagerID = managerID(v) },
	}
	for k, v := range given {
		if set[k] == nil {
			return fmt.Errorf("%q is no part of a profile that a story can change", k)
		}
		set[k](v)
	}
	return nil
}

// managerID is free text in Okta: only a plain handle is made an address.
func managerID(v string) string {
	if strings.ContainsAny(v, "=, ") {
		return v
	}
	return address(v)
}

// attribute gives an account a value of an attribute that the org has added.
func (h *Harness) attribute(handle string, args []string) (string, error) {
	if len(args) != 2 {
		return "", errors.New("okta attribute: write for example: okta attribute maya managers list=noor|priya")
	}
	kind, text, _ := strings.Cut(args[1], "=")
	var value any
	switch kind {
	case "text":
		value = text
	case "number":
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return "", fmt.Errorf("okta attribute: %w", err)
		}
		value = n
	case "list":
		var all []string
		for _, v := range strings.Split(text, "|") {
			all = append(all, managerID(v))
		}
		value = all
	default:
		return "", fmt.Errorf("okta attribute: %q is neither text, number nor list", kind)
	}
	return handle + " has " + args[0], h.World.Okta.EditUser(address(handle), func(u *okta.User) {
		if u.Custom == nil {
			u.Custom = map[string]any{}
		}
		u.Custom[args[0]] = value
	})
}

func (h *Harness) regroup(name string, given map[string]string) (string, error) {
	if err := onlyKnown(given, "name", "type", "description"); err != nil {
		return "", fmt.Errorf("okta regroup: %w", err)
	}
	return "changed the group " + name, h.World.Okta.EditGroup(name, func(g *okta.Group) {
		for k, field := range map[string]*string{"name": &g.Name, "type": &g.Type, "description": &g.Description} {
			if v, ok := given[k]; ok {
				*field = v
			}
		}
	})
}

// many fills a group with people, or a person with groups.
func (h *Harness) many(args []string) (string, error) {
	if len(args) != 3 {
		return "", fmt.Errorf("okta %s: of whom or what, and how many?", args[0])
	}
	n, err := strconv.Atoi(args[2])
	if err != nil {
		return "", fmt.Errorf("okta %s: %w", args[0], err)
	}
	o := h.World.Okta
	for i := range n {
		group, login := args[1], address(args[1])
		if args[0] == "crowd" {
			login = o.AddUser(okta.User{Login: fmt.Sprintf("person%05d@acme.example", i), First: "Person", Last: strconv.Itoa(i), LastLogin: h.World.Clock.Now()}).Login
		} else {
			group = o.AddGroup(okta.Group{Name: fmt.Sprintf("mailing-list-%05d", i)}).Name
		}
		if !o.SetMember(group, login, true) {
			return "", fmt.Errorf("okta %s: no group %q or person %q", args[0], group, login)
		}
	}
	return args[2] + " memberships more", nil
}

// groupRole has a group carry a role of an administrator, or none any more.
func (h *Harness) groupRole(args []string) error {
	if len(args) != 2 {
		return errors.New("okta group-role: which group, and which role?")
	}
	if args[1] == "none" {
		return h.World.Okta.UnassignRoles(args[0])
	}
	return h.World.Okta.AssignRole(args[0], args[1])
}
