package config

import (
	"time"

	"latchkey/config/value"
	"latchkey/evidence/note"
)

// Evidence is with what the record is signed, and whose signatures count.
type Evidence struct {
	KeyFile  string         // where the signing key is, or is made; "" for the usual place
	Key      value.Secret   // the signing key, where it is in no file
	Missing  string         // what is not there that the key is to come from; "" for nothing
	Sign     []string       // a command that signs, in the key's place
	Trust    []note.Trusted // keys that count besides the signing key
	Anchors  []Anchor       // where the log is anchored besides Jira and Slack
	Accounts []string       // accounts that Latchkey had in Jira before
}

func evidence(v value.Node) Evidence {
	o := v.Object("key", "sign", "trust", "anchors", "accounts")
	e := Evidence{Sign: o.Get("sign").Texts(), Accounts: o.Get("accounts").Texts()}
	e.KeyFile, e.Key, e.Missing = signingKey(o.Get("key"))
	for _, item := range o.Get("trust").List() {
		e.Trust = append(e.Trust, trusted(item))
	}
	e.Anchors = anchors(o.Get("anchors"))
	switch {
	case o.Get("sign").Present() && o.Get("key").Present():
		o.Get("sign").Fault("evidence.key and evidence.sign both say what signs: keep one")
	case len(e.Sign) > 0 && len(e.Trust) == 0:
		o.Get("sign").Fault("evidence.sign names a command, and nobody knows its public key: write it as the first one under evidence.trust")
	}
	return e
}

// signingKey is the file that the key is in, which need not be there, or the key.
func signingKey(v value.Node) (file string, key value.Secret, missing string) {
	switch {
	case !v.Present():
		return "", key, ""
	case v.Written():
		v.Fault("the signing key must not stand in this file: write ${file:/etc/latchkey/evidence.key}, and Latchkey makes the key there, or ${NAME} for one from the environment")
		return "", key, ""
	}
	if file = v.File(); file != "" {
		return file, key, ""
	}
	key, missing = v.SecretIfThere()
	return "", key, missing
}

// trusted is a public key by itself, or one with until when it counts.
func trusted(v value.Node) (t note.Trusted) {
	public := v
	if v.IsMapping() {
		o := v.Object("key", "until", "stolen")
		public, t.Until, t.Stolen = o.Get("key"), moment(o.Get("until")), moment(o.Get("stolen"))
	}
	text, ok := public.Needed("write a public key, as latchkey evidence key prints it")
	if !ok {
		return t
	}
	var err error
	if t.Public, err = note.ParsePublic(text); err != nil {
		public.Fault("%v", err)
	}
	return t
}

// moment is a time, or the beginning of a day in UTC; zero when absent.
func moment(v value.Node) time.Time {
	if !v.Present() {
		return time.Time{}
	}
	text, _ := v.Plain()
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(form, text); err == nil {
			return at
		}
	}
	v.Fault("%s can't be %q: write a day or a time, for example 2026-12-28 or 2026-12-28T09:14:00Z", v.Path(), text)
	return time.Time{}
}
