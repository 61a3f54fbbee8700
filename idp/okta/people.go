package okta

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	sdk "github.com/okta/okta-sdk-golang/v2/okta"
	"github.com/okta/okta-sdk-golang/v2/okta/query"

	"latchkey/idp"
)

// FindPerson implements idp.Directory. E-mail addresses are not unique in Okta, and the login of one account may
// be the e-mail of another, so it searches; the index may trail the record, so a person the search does not know
// is also looked for by login.
func (d *Directory) FindPerson(ctx context.Context, address string) (idp.Person, error) {
	user, err := d.byAddress(ctx, address)
	if err != nil {
		return idp.Person{}, err
	}
	return d.withManager(ctx, user, nobody)
}

// Person implements idp.Directory.
func (d *Directory) Person(ctx context.Context, id string) (idp.Person, error) {
	likely := d.likelyManager(ctx, id)
	defer likely()
	user, err := d.byID(ctx, id)
	switch {
	case err != nil:
		return idp.Person{}, err
	case user == nil || user.Id != id && isLogin(user, id):
		return idp.Person{}, fmt.Errorf("%s: no account has the id %q, it was deleted or is of another org: %w", d.cfg.ID, id, idp.ErrNotFound)
	case user.Id != id:
		return idp.Person{}, answeredOther(d.cfg.ID, "account", id, user.Id)
	}
	return d.withManager(ctx, user, likely)
}

// likelyManager begins to read the account that is likely somebody's manager's; the result is that
// account, nil if it can't be read.
func (d *Directory) likelyManager(ctx context.Context, who string) func() *sdk.User {
	id := cmp.Or(d.bosses.of(who), idp.LikelyManager(ctx))
	if id == "" || idp.LeavesManagersOut(ctx) {
		return nobody
	}
	read := make(chan *sdk.User, 1)
	go func() {
		var boss *sdk.User
		defer func() {
			_ = recover() // whoever needs the account reads it once more, and tells
			read <- boss
		}()
		if user, err := d.byID(ctx, id); err == nil && user != nil && user.Id == id {
			boss = user
		}
	}()
	return sync.OnceValue(func() *sdk.User { return <-read })
}

func nobody() *sdk.User { return nil }

// mostBosses is of how many accounts it is remembered whose manager was whose.
const mostBosses = 20_000

// bosses are the managers' accounts, as they were found last: where to look first, and no more.
type bosses struct {
	mu sync.Mutex
	by map[string]string
}

func (b *bosses) of(account string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.by[account]
}

func (b *bosses) note(account, boss string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.by == nil || len(b.by) >= mostBosses {
		b.by = map[string]string{}
	}
	b.by[account] = boss
}

// answeredOther is for a read that answers something else than was asked. It proves nothing about what was asked.
func answeredOther(directory, what, asked, answered string) error {
	return fmt.Errorf("%s: asked for the %s %s, Okta answered %s: look for a proxy that keeps answers; it will be tried again", directory, what, asked, answered)
}

// isLogin tells that a key is the account's login or, as Okta allows, its short form.
func isLogin(u *sdk.User, key string) bool {
	login := profileText(u, "login")
	short, _, _ := strings.Cut(login, "@")
	return idp.SameAddress(login, key) || idp.SameAddress(short, key)
}

// withManager adds the manager whom an account names. likely is who it may be: what names that
// account for certain, by its id or login, needs no further call.
func (d *Directory) withManager(ctx context.Context, u *sdk.User, likely func() *sdk.User) (idp.Person, error) {
	p := d.person(u)
	if idp.LeavesManagersOut(ctx) {
		return p, nil
	}
	keys := profileTexts(u, d.cfg.ManagerAttribute)
	if len(keys) > 0 {
		if boss := likely(); boss != nil && (strings.TrimSpace(keys[0]) == boss.Id || idp.SameAddress(profileText(boss, "login"), strings.TrimSpace(keys[0]))) {
			p.ManagerID, p.ManagerEmail, p.ManagerKey = boss.Id, email(boss), keys[0]
			return p, nil
		}
	}
	for _, key := range keys[:min(len(keys), mostManagers)] {
		boss, err := d.manager(ctx, key)
		if err != nil {
			return idp.Person{}, fmt.Errorf("looking for the manager of %s: %w", p.Login, err)
		}
		if boss != nil {
			p.ManagerID, p.ManagerEmail, p.ManagerKey = boss.Id, email(boss), key
			d.bosses.note(u.Id, boss.Id)
			return p, nil
		}
	}
	p.ManagerText = strings.Join(keys, ", ")
	return p, nil
}

// mostManagers is how many entries are tried of an attribute that is a list: the
// first that leads to an account is the manager.
const mostManagers = 5

// byAddress takes only accounts that carry the address for an answer, as their e-mail or their login.
func (d *Directory) byAddress(ctx context.Context, address string) (*sdk.User, error) {
	users, err := d.search(ctx, address, "email", "login")
	if err != nil {
		return nil, err
	}
	if len(users) > 0 {
		return only(d.cfg.ID, users, address)
	}
	user, err := d.byLogin(ctx, address)
	if err != nil {
		return nil, err
	}
	if user == nil {
		return nil, fmt.Errorf("%s: no account has the e-mail or the login %s, check the address in Okta: %w", d.cfg.ID, address, idp.ErrNotFound)
	}
	return user, nil
}

// only chooses the one account that has not left, or the one that has if there is no other.
func only(directory string, users []*sdk.User, email string) (*sdk.User, error) {
	var here []*sdk.User
	for _, u := range users {
		if status(u) != idp.Left {
			here = append(here, u)
		}
	}
	if len(here) == 0 {
		here = users
	}
	if len(here) > 1 {
		return nil, fmt.Errorf("%s: %d accounts have the e-mail or the login %s, make it unique in Okta: %w", directory, len(here), email, idp.ErrAmbiguous)
	}
	return here[0], nil
}

// search finds accounts, in any status, by the exact value of one of some profile attributes. What Okta answers is
// looked at once more: it must have the value.
func (a *api) search(ctx context.Context, value string, attributes ...string) ([]*sdk.User, error) {
	clauses := make([]string, len(attributes))
	for i, a := range attributes {
		clauses[i] = "profile." + a + " eq " + quote(value)
	}
	users, err := list(ctx, a, "search for accounts", func(ctx context.Context, c *sdk.Client) ([]*sdk.User, *sdk.Response, error) {
		return c.User.ListUsers(ctx, query.NewQueryParams(query.WithSearch(strings.Join(clauses, " or ")), query.WithLimit(200)))
	})
	has := func(u *sdk.User) func(string) bool {
		return func(a string) bool { return idp.SameAddress(profileText(u, a), value) }
	}
	return slices.DeleteFunc(users, func(u *sdk.User) bool { return u.Id == "" || !slices.ContainsFunc(attributes, has(u)) }), err
}

func quote(value string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
}

// byKey reads what Okta has under a key: an id, a login, or the short form of a login; nil if there is
// nothing. The caller checks which. Logins with a slash can not be read this way at all.
func (a *api) byKey(ctx context.Context, key string) (*sdk.User, error) {
	if key == "" || key == "me" || strings.Contains(key, "/") {
		return nil, nil
	}
	user, err := idp.Once(ctx, a.cfg.ID+"/users/"+key, func() (user *sdk.User, err error) {
		err = a.call(ctx, "read an account", func(ctx context.Context, c *sdk.Client) (resp *sdk.Response, err error) {
			user, resp, err = c.User.GetUser(ctx, url.PathEscape(key))
			return resp, err
		})
		return user, err
	})
	if errors.Is(err, idp.ErrNotFound) {
		return nil, nil
	}
	return user, err
}

// byID reads the account with an id, in one call with others that are asked for in the same moment of the same look:
// who decides, whose access it is, and their manager. A filter goes by the record and not by the index (docs of Okta's
// users API), and knows the deactivated. An account that it doesn't show is read by itself.
func (d *Directory) byID(ctx context.Context, id string) (*sdk.User, error) {
	if id == "" {
		return nil, nil
	}
	return idp.Once(ctx, d.cfg.ID+"/users/id/"+id, func() (*sdk.User, error) {
		user, found, err := idp.Gather(ctx, d.cfg.ID+"/users", id, func(ids ...string) (map[string]*sdk.User, error) { return d.byIDs(ctx, ids) })
		if err == nil && !found {
			return d.byKey(ctx, id)
		}
		return user, err
	})
}

// byIDs reads several accounts at once; one alone is left to whoever reads it by itself.
func (d *Directory) byIDs(ctx context.Context, ids []string) (map[string]*sdk.User, error) {
	if len(ids) == 1 {
		return nil, nil
	}
	clauses := make([]string, len(ids))
	for i, id := range ids {
		clauses[i] = "id eq " + quote(id)
	}
	users, err := list(ctx, d.api, "read some accounts", func(ctx context.Context, c *sdk.Client) ([]*sdk.User, *sdk.Response, error) {
		return c.User.ListUsers(ctx, query.NewQueryParams(query.WithFilter(strings.Join(clauses, " or ")), query.WithLimit(200)))
	})
	shown := make(map[string]*sdk.User, len(users))
	for _, u := range users {
		if u.Id != "" {
			shown[u.Id] = u
		}
	}
	return shown, err
}

// byLogin reads the account with this login; nil if there is none. A short form would be a guess.
func (a *api) byLogin(ctx context.Context, login string) (*sdk.User, error) {
	user, err := a.byKey(ctx, login)
	if err != nil || user == nil || !idp.SameAddress(profileText(user, "login"), login) {
		return nil, err
	}
	return user, nil
}

// manager resolves what orgs keep in the manager attribute: an id, a login, an e-mail or an employee
// number. What can not be resolved to exactly one account leads to nobody, nil; failures are reported.
func (d *Directory) manager(ctx context.Context, key string) (*sdk.User, error) {
	if key = strings.TrimSpace(key); key == "" {
		return nil, nil
	}
	user, err := d.byKey(ctx, key)
	if err != nil {
		return nil, err
	}
	if user != nil && user.Id != key && !idp.SameAddress(profileText(user, "login"), key) {
		user = nil // found by the short form of a login, which would be a guess
	}
	for _, attribute := range []string{"email", "employeeNumber"} {
		if user != nil {
			break
		}
		users, err := d.search(ctx, key, attribute)
		if err != nil {
			return nil, err
		}
		if len(users) == 0 {
			continue
		}
		if user, err = only(d.cfg.ID, users, key); err != nil {
			d.cfg.Logger.WarnContext(ctx, "the manager is not unique", "directory", d.cfg.ID, "attribute", attribute, "error", err)
			return nil, nil
		}
	}
	return user, nil
}

func (d *Directory) person(u *sdk.User) idp.Person {
	name := profileText(u, "displayName")
	if name == "" {
		name = strings.TrimSpace(profileText(u, "firstName") + " " + profileText(u, "lastName"))
	}
	return idp.Person{
		ID: u.Id, Login: profileText(u, "login"), Email: email(u), Name: name, Number: profileText(u, "employeeNumber"),
		Title: profileText(u, "title"), Department: profileText(u, "department"),
		Type: profileText(u, d.cfg.TypeAttribute), Location: profileText(u, d.cfg.LocationAttribute),
		Status: status(u), Created: instant(u.Created), LastLogin: instant(u.LastLogin),
	}
}

// status folds Okta's eight account states. Whoever is on the way out counts as gone.
func status(u *sdk.User) idp.Status {
	const deprovisioned = "DEPROVISIONED"
	switch {
	case u.Status == deprovisioned || u.TransitioningToStatus == deprovisioned:
		return idp.Left
	case u.Status == "SUSPENDED":
		return idp.Suspended
	}
	return idp.Active
}

func email(u *sdk.User) string { return idp.FoldAddress(profileText(u, "email")) }

// profileText is the value of an attribute that holds one.
func profileText(u *sdk.User, attribute string) string {
	if all := profileTexts(u, attribute); len(all) == 1 {
		return all[0]
	}
	return ""
}

// profileTexts are the values of an attribute as texts, whatever type it has in the org's schema; none if it is
// empty. What is neither text, number, truth value nor a list of these is written as it comes, so that it is not
// taken for nothing.
func profileTexts(u *sdk.User, attribute string) []string {
	if u == nil || u.Profile == nil {
		return nil
	}
	return texts((*u.Profile)[attribute])
}

func texts(value any) []string {
	switch v := value.(type) {
	case nil:
		return nil
	case string:
		if strings.TrimSpace(v) == "" {
			return nil
		}
		return []string{v}
	case float64:
		return []string{strconv.FormatFloat(v, 'f', -1, 64)}
	case []any:
		var out []string
		for _, one := range v {
			out = append(out, texts(one)...)
		}
		return out
	default:
		return []string{fmt.Sprint(v)}
	}
}

func instant(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
