package config

import (
	"maps"
	"regexp"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/config/value"
)

// Store is where Latchkey keeps its state.
type Store struct {
	Type     string // one of the stores of this build
	Settings any    // of that type; its package knows them
}

// Directory is one directory of people and groups.
type Directory struct {
	ID       string // what groups and records call it
	Type     string // one of the directories of this build
	Was      string // the organisation that this one may replace, by the vendor's id
	Settings any    // of that type; its package knows them

	// Aliases are the domains under which people sign in there in place of the one of the address they are known by.
	Aliases map[string]string

	Poll time.Duration // how often its log is asked who joined, moved or left; zero for never
}

// Decoder reads the settings of one kind of back end.
type Decoder func(value.Node) any

// Backends are the stores and directories that this build contains, by type.
type Backends struct {
	Stores      map[string]Decoder
	Directories map[string]Decoder
}

var directoryIDPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,30}$`)

func store(v value.Node, known map[string]Decoder) Store {
	s := Store{Type: v.Part("type").Get("type").OneOf("bolt", slices.Sorted(maps.Keys(known))...)}
	if decode, ok := known[s.Type]; ok {
		s.Settings = decode(v.Except("type"))
	}
	return s
}

func directories(v value.Node, known map[string]Decoder) []Directory {
	items := v.List()
	if len(items) == 0 && !v.Faulty() {
		v.Fault("idp names no directory: add one, for example {id: okta, type: okta, url: https://acme.okta.com, token: \"${OKTA_TOKEN}\"}")
	}
	var out []Directory
	for _, item := range items {
		d := directory(item, known)
		if d.ID != "" && slices.Contains(directoryIDs(out), d.ID) {
			item.Part("id").Get("id").Fault("the directory id %q is used twice: give each directory an id of its own", d.ID)
		}
		out = append(out, d)
	}
	return out
}

// directory leaves all keys but its own to the back end. If the type can't be
// used nobody knows them, so that one slip does not make every key a fault.
func directory(v value.Node, known map[string]Decoder) Directory {
	o := v.Part("id", "type", "was", "poll", "aliases")
	d := Directory{Was: o.Get("was").TextOr(""), Type: directoryType(o.Get("type"), slices.Sorted(maps.Keys(known))), Aliases: aliases(o.Get("aliases"))}
	if poll := o.Get("poll"); !poll.Present() || poll.TextOr("") != never {
		d.Poll = period(poll, 30*time.Second)
	}
	if id, ok := o.Get("id").Needed("write a short name for the directory, for example okta"); ok {
		d.ID = id
		if slices.Contains(takenIDs(), id) {
			o.Get("id").Fault("%s can't be %q: that names something else here; choose another, for example okta", o.Get("id").Path(), id)
		}
		if !directoryIDPattern.MatchString(id) {
			o.Get("id").Fault("%s can't be %q: write up to 31 lower-case letters, digits, - or _", o.Get("id").Path(), id)
		}
	}
	if decode, ok := known[d.Type]; ok {
		d.Settings = decode(v.Except("id", "type", "was", "poll", "aliases"))
	}
	return d
}

// aliases reads domains and what stands in their place in a directory.
func aliases(v value.Node) map[string]string {
	if !v.Present() {
		return nil
	}
	out := map[string]string{}
	for _, m := range v.Members() {
		text, _ := m.Value.Text()
		for _, domain := range []string{m.Key, text} {
			if !catalog.IsEmail("somebody@" + domain) {
				m.Value.Fault("%s can't be %q: write a domain and the one under which its people sign in there, for example {acme.com: acme.onmicrosoft.com}", m.Value.Path(), domain)
			}
		}
		out[string(access.NewEmail(m.Key))] = string(access.NewEmail(text))
	}
	return out
}

// takenIDs are what no directory can be called: the other systems in which people
// have accounts, what these show of them, and the queues of what needs no service.
func takenIDs() []string {
	return []string{access.SystemSlack, access.SystemJira, access.SystemAddress, access.SystemName, access.ImportedDirectory, "house", "cards"}
}

func directoryType(v value.Node, known []string) string {
	text, ok := v.Known(known...).Needed("write the kind of directory; " + v.DidYouMean("", known))
	if ok && !slices.Contains(known, text) {
		v.Fault("%s can't be %q: %s", v.Path(), text, v.DidYouMean(text, known))
	}
	return text
}

func directoryIDs(all []Directory) []string {
	var ids []string
	for _, d := range all {
		if d.ID != "" {
			ids = append(ids, d.ID)
		}
	}
	return ids
}

// protected reads the groups that Latchkey must never change.
func protected(v value.Node, directories []string) []catalog.GroupRef {
	var out []catalog.GroupRef
	for _, item := range v.List() {
		g, ok := group(item)
		if !ok {
			continue
		}
		if !slices.Contains(directories, g.Directory) {
			item.Fault("the group %q names the directory %q, which is not under idp: %s", g, g.Directory, item.DidYouMean(g.Directory, directories))
		}
		out = append(out, g)
	}
	return out
}
