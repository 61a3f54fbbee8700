package site

import (
	"fmt"
	"slices"
	"strings"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"latchkey/sandbox"
	"latchkey/sandbox/slack/world"
)

// App is an application that people sign in to by a directory, and the groups there that let them in.
type App struct {
	Name, Directory string
	Groups          []string
}

// user is a directory that keeps when people signed in to applications.
type user interface {
	Use(app, address string, at time.Time) error
}

// signsIn tells whether somebody may, and how that is noted.
func (s *Site) signsIn(who world.User, a App) (user, bool) {
	d, err := s.world.Directory(a.Directory)
	if err != nil || who.Email == "" {
		return nil, false
	}
	keeps, ok := d.DirectoryService.(user)
	in := func(group string) bool {
		return slices.ContainsFunc(d.Members(group), func(m string) bool { return strings.EqualFold(m, who.Email) })
	}
	return keeps, ok && slices.ContainsFunc(a.Groups, in)
}

// uses are the applications that somebody may sign in to, each with a button that does it. Who does knows of idle seats
// that theirs isn't one.
func (s *Site) uses(v look) (out []piece) {
	for _, a := range s.Apps {
		if _, may := s.signsIn(v.As, a); !may {
			continue
		}
		s.mu.Lock()
		at, did := s.used[v.As.ID+" "+a.Directory+" "+a.Name]
		s.mu.Unlock()
		said := "not used yet"
		if did {
			said = "last used " + at.In(v.client.Zone).Format("2 Jan, 15:04")
		}
		out = append(out, keyed(v.As.ID+" "+a.Directory+" "+a.Name, "li", h.Button(h.Type("button"), h.Class("button"), h.Data("use", a.Name), h.Data("directory", a.Directory), g.Text("Use "+a.Name)), h.Small(g.Text(said))))
	}
	return out
}

// use has somebody sign in to an application.
func (s *Site) use(who world.User, a act) error {
	i := slices.IndexFunc(s.Apps, func(one App) bool { return one.Name == a.App && one.Directory == a.Directory })
	if i < 0 {
		return fmt.Errorf("there is no application %q", a.App)
	}
	keeps, may := s.signsIn(who, s.Apps[i])
	if !may {
		return fmt.Errorf("%s is in no group that lets people into %s", called(who), a.App)
	}
	now := s.now()
	if err := keeps.Use(a.App, who.Email, now); err != nil {
		return err
	}
	s.mu.Lock()
	s.used[who.ID+" "+a.Directory+" "+a.App] = now
	s.mu.Unlock()
	s.record("directory " + a.Directory + " uses " + quoted(a.App) + " " + handle(who))
	return nil
}

// handle is how the harness calls somebody.
func handle(who world.User) string {
	if who.Email != sandbox.Email(who.Name) {
		return strings.ToLower(who.Email)
	}
	return who.Name
}
