package sandbox

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/sandbox/jira"
	"latchkey/sandbox/slack"
)

// employee is somebody at Acme, in all systems.
type employee struct {
	handle, name, title, department, manager, zone string
	agent                                          bool // works in Jira
}

// company is who works at Acme.
func company() []employee {
	return []employee{
		{"grace", "Grace Kim", "Chief Financial Officer", "Executive", "", "America/New_York", false},
		{"noor", "Noor Haddad", "Head of Design", "Design", "grace", "Europe/Berlin", false},
		{"maya", "Maya Lind", "Product Designer", "Design", "noor", "Europe/Stockholm", false},
		{"priya", "Priya Nair", "Engineering Manager", "Engineering", "grace", "Asia/Kolkata", false},
		{"tom", "Tom Reyes", "Backend Engineer", "Engineering", "priya", "Europe/Madrid", false},
		{"lena", "Lena Fischer", "Finance Director", "Finance", "grace", "Europe/Vienna", false},
		{"sam", "Sam Osei", "Finance Analyst", "Finance", "lena", "Africa/Accra", false},
		{"ines", "Ines Okafor", "IT Engineer", "IT", "grace", "Europe/London", true},
		{"omar", "Omar Diaz", "Security Engineer", "Security", "grace", "America/Chicago", true},
	}
}

// Email is the address of somebody at Acme, by handle.
func Email(handle string) string { return strings.ToLower(handle) + "@acme.example" }

// MovedTo is an address at another domain.
func MovedTo(address, domain string) string {
	local, _, _ := strings.Cut(address, "@")
	return local + "@" + domain
}

// populate peoples the systems.
func (w *World) populate() error {
	for i, e := range company() {
		w.Slack.AddUser(slack.User{
			ID: fmt.Sprintf("U0%s%03d", strings.ToUpper(e.handle), i), Name: e.handle, RealName: e.name,
			Email: Email(e.handle), Title: e.title, TZ: e.zone,
		})
		w.Jira.AddAccount(jira.Account{Email: Email(e.handle), DisplayName: e.name, Nickname: e.handle, TimeZone: e.zone, Active: true, Agent: e.agent, Customer: true, Managed: true, Verified: Email(e.handle)})
		if err := w.hire(i, e); err != nil {
			return err
		}
	}
	w.Slack.AddUser(slack.User{ID: "U0GUEST01", Name: "gus", RealName: "Gus Guest", Email: "gus@agency.example", IsRestricted: true})
	if err := w.welcome(w.cfg.People); err != nil {
		return err
	}
	return w.addChannelsAndGroups()
}

// addChannelsAndGroups makes the channels and groups.
func (w *World) addChannelsAndGroups() error {
	var everybody []string
	for _, u := range w.Slack.Users() {
		if !u.IsBot && !u.IsRestricted {
			everybody = append(everybody, u.ID)
		}
	}
	w.Slack.AddChannel(slack.Channel{ID: "C0GENERAL", Name: "general", Members: everybody})
	w.Slack.AddChannel(slack.Channel{ID: "C0ITACCESS", Name: strings.TrimPrefix(w.cfg.ITChannel, "#"), Members: w.itStaff()})
	w.Slack.AddUserGroup(slack.UserGroup{ID: "S0ITONCALL", Handle: "it-oncall", Name: "IT on call", Users: w.staff("ines")})
	for i, name := range w.cfg.Channels {
		w.Slack.AddChannel(slack.Channel{ID: fmt.Sprintf("C0CHANNEL%d", i), Name: strings.TrimPrefix(name, "#"), Members: everybody})
	}
	for i, d := range w.directories {
		groups := append([]Group{{Name: "security"}}, w.cfg.Directories[i].Groups...)
		if i == 0 {
			for _, name := range w.cfg.Groups {
				groups = append(groups, Group{Name: name})
			}
		}
		for _, g := range groups {
			if err := d.AddGroup(g.Name, g.ID); err != nil {
				return fmt.Errorf("sandbox: %w", err)
			}
		}
		if err := d.SetMember("security", Email("omar"), true); err != nil {
			return fmt.Errorf("sandbox: the group security could not be filled: %w", err)
		}
	}
	return nil
}

// hire gives an employee an account in every directory.
func (w *World) hire(number int, e employee) error {
	first, last, _ := strings.Cut(e.name, " ")
	account := Account{
		Address: Email(e.handle), First: first, Last: last, Title: e.title, Department: e.department, Type: "Employee",
		Created: w.Clock.Now().AddDate(0, -2-5*number, 0), LastLogin: w.Clock.Now().Add(-26 * time.Hour),
	}
	if e.manager != "" {
		account.Manager = Email(e.manager)
	}
	return w.employ(account)
}

func (w *World) employ(a Account) error {
	for _, d := range w.directories {
		if err := d.Hire(a); err != nil {
			return fmt.Errorf("sandbox: %w", err)
		}
	}
	return nil
}

// welcome gives people who are there besides Acme's their accounts. Of two whom Slack would call the same, the second is
// called by the whole address.
func (w *World) welcome(people []Person) error {
	for i, p := range newcomers(people) {
		handle := p.handle()
		if _, taken := w.Slack.UserByName(handle); taken {
			handle = strings.ReplaceAll(p.Address, "@", ".")
		}
		w.Slack.AddUser(slack.User{ID: fmt.Sprintf("U0PERSON%05d", i), Name: handle, RealName: p.name(), Email: p.Address, Title: p.Title, TZ: "Europe/Berlin"})
		w.Jira.AddAccount(jira.Account{Email: p.Address, DisplayName: p.name(), Nickname: handle, TimeZone: "Europe/Berlin", Active: true, Agent: p.IT, Customer: true, Managed: true, Verified: p.Address})
		first, last, _ := strings.Cut(p.name(), " ")
		if err := w.employ(Account{
			Address: p.Address, First: first, Last: cmp.Or(last, first), Title: p.Title, Department: p.Department, Manager: p.Manager, Type: "Employee",
			Created: w.Clock.Now().AddDate(-1, 0, 0), LastLogin: w.Clock.Now().Add(-26 * time.Hour),
		}); err != nil {
			return err
		}
	}
	return nil
}

// itStaff are the ids of those who are in the IT channel.
func (w *World) itStaff() []string {
	ids := w.staff("ines", "omar")
	for _, p := range w.cfg.People {
		if u, ok := w.Slack.UserByEmail(p.Address); ok && p.IT && !slices.Contains(ids, u.ID) {
			ids = append(ids, u.ID)
		}
	}
	return ids
}

func (w *World) staff(handles ...string) []string {
	var ids []string
	for _, h := range handles {
		if u, ok := w.Slack.UserByEmail(Email(h)); ok {
			ids = append(ids, u.ID)
		}
	}
	return ids
}
