package config

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"latchkey/config/value"
)

// Fingerprints tell, by part, whether two processes of one version were configured alike, apart from the catalogue, which
// has a version of its own. What may well be another one on each machine is left out: secrets, the way to the store, addresses
// to listen at, where the signing key is, the log.
func (c *Config) Fingerprints() map[string]string {
	out := map[string]string{}
	for _, p := range c.beside() {
		switch is := p.is.(type) {
		case Store, Metrics, Log:
			continue
		case SignIn:
			is.Listen = ""
			p.is = is
		case Evidence:
			is.KeyFile, is.Missing = "", ""
			p.is = is
		}
		sum := sha256.New()
		printed(sum, reflect.ValueOf(p.is))
		out[p.key] = hex.EncodeToString(sum.Sum(nil))[:8]
	}
	return out
}

// printed writes what a value says, the same for the same, without secrets.
func printed(to io.Writer, v reflect.Value) {
	if !v.IsValid() {
		_, _ = io.WriteString(to, "nothing;")
		return
	}
	if v.Type() == reflect.TypeFor[value.Secret]() {
		return
	}
	if named, ok := v.Interface().(fmt.Stringer); ok && (v.Kind() != reflect.Pointer || !v.IsNil()) {
		_, _ = fmt.Fprintf(to, "%q;", named.String())
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		printFields(to, v)
	case reflect.Interface, reflect.Pointer:
		printed(to, v.Elem())
	case reflect.Slice:
		_, _ = fmt.Fprintf(to, "%d:", v.Len())
		for i := range v.Len() {
			printed(to, v.Index(i))
		}
	case reflect.Map:
		printMap(to, v)
	case reflect.Func, reflect.Chan:
	default:
		_, _ = fmt.Fprintf(to, "%q;", fmt.Sprint(v.Interface()))
	}
}

// printFields leaves out what a struct keeps to itself.
func printFields(to io.Writer, v reflect.Value) {
	for i := range v.NumField() {
		if field := v.Type().Field(i); field.IsExported() {
			_, _ = io.WriteString(to, field.Name+"=")
			printed(to, v.Field(i))
		}
	}
}

func printMap(to io.Writer, v reflect.Value) {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	for _, k := range keys {
		_, _ = fmt.Fprintf(to, "%q->", fmt.Sprint(k))
		printed(to, v.MapIndex(k))
	}
}
