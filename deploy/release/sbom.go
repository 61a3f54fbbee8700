package main

import (
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"runtime/debug"
	"strings"
)

// bill is a bill of materials as CycloneDX 1.6 has it (https://cyclonedx.org/docs/1.6/json), as far as it is needed here. It
// has no serial number and no time, so that it can be made again, byte for byte.
type bill struct {
	Format     string      `json:"bomFormat"`
	Spec       string      `json:"specVersion"`
	Version    int         `json:"version"`
	Metadata   metadata    `json:"metadata"`
	Components []component `json:"components"`
}

type metadata struct {
	Component component `json:"component"`
}

type component struct {
	Type    string `json:"type"`
	Ref     string `json:"bom-ref"`
	Name    string `json:"name"`
	Version string `json:"version"`
	PURL    string `json:"purl"`
	Hashes  []hash `json:"hashes,omitempty"`
}

type hash struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"` // hexadecimal
}

// bom is what a binary says it is made of: the Go that built it and every module in it, with the hash that go.sum has of it.
func bom(info *buildinfo.BuildInfo) ([]byte, error) {
	main := component{Type: "application", Name: info.Main.Path, Version: info.Main.Version}
	main.PURL = packageURL(main.Name, main.Version)
	main.Ref = main.PURL
	out := bill{Format: "CycloneDX", Spec: "1.6", Version: 1, Metadata: metadata{main}}
	std := strings.TrimPrefix(info.GoVersion, "go")
	out.Components = append(out.Components, component{Type: "library", Name: "std", Version: std, PURL: packageURL("std", std), Ref: packageURL("std", std)})
	for _, m := range info.Deps {
		out.Components = append(out.Components, library(m))
	}
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	err := e.Encode(out)
	return text.Bytes(), err
}

func library(m *debug.Module) component {
	m = used(m)
	c := component{Type: "library", Name: m.Path, Version: m.Version, PURL: packageURL(m.Path, m.Version)}
	c.Ref = c.PURL
	if sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(m.Sum, "h1:")); err == nil && len(sum) == sha256.Size {
		c.Hashes = []hash{{"SHA-256", hex.EncodeToString(sum)}}
	}
	return c
}

// used is the module that stands in the place of another one, if one does.
func used(m *debug.Module) *debug.Module {
	if m.Replace != nil {
		return m.Replace
	}
	return m
}

// packageURL names a module as https://github.com/package-url/purl-spec has it.
func packageURL(path, version string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return "pkg:golang/" + strings.Join(parts, "/") + "@" + url.PathEscape(version)
}
