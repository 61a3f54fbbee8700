package expression

import (
	"slices"
	"strconv"
	"strings"

	"cel.dev/cel-go/common/ast"

	"latchkey/catalog"
)

// What an attribute is compared with has to be something that it can be: otherwise the condition would silently be
// what nobody meant. Apps and tags are the catalogue's to know.

// oneOf looks at the texts of a list, or at the text that is looked for in one.
func (v *looking) oneOf(one, list ast.Expr) {
	if attributeOf(list) == "app.tags" {
		if text, is := literal(one); is {
			v.asks.Tags = append(v.asks.Tags, text)
		}
	}
	if list.Kind() == ast.ListKind {
		for _, each := range list.AsList().Elements() {
			v.compared(one, each)
		}
	}
}

// compared looks at what an attribute is compared with.
func (v *looking) compared(attribute, with ast.Expr) {
	name := attributeOf(attribute)
	if n, is := number(with); is && name == "peers.share" && n > 1 {
		v.problems = append(v.problems, at(v.at.GetStartLocation(with.ID()), "peers.share is from 0 to 1 and never %s: write %s", strconv.FormatFloat(n, 'f', 1, 64), strconv.FormatFloat(n/100, 'f', -1, 64)))
	}
	text, is := literal(with)
	if !is {
		return
	}
	switch name {
	case "app.id":
		v.asks.Apps = append(v.asks.Apps, text)
	case "role.risk":
		v.among(with, text, "risk", string(catalog.Low), string(catalog.Medium), string(catalog.High))
	case "role.kind":
		v.among(with, text, "kind of role", string(catalog.Everyday), string(catalog.Admin), string(catalog.Production), string(catalog.Finance), "")
	}
}

func (v *looking) among(x ast.Expr, text, of string, known ...string) {
	if !slices.Contains(known, text) {
		v.problems = append(v.problems, at(v.at.GetStartLocation(x.ID()), "%q is no %s: write one of %s", text, of, strings.TrimRight(strings.Join(known, ", "), ", ")))
	}
}

// attributeOf is the name of an attribute as it is written, as in "role.risk"; "" of anything else.
func attributeOf(x ast.Expr) string {
	if x.Kind() != ast.SelectKind || x.AsSelect().Operand().Kind() != ast.IdentKind {
		return ""
	}
	return x.AsSelect().Operand().AsIdent() + "." + x.AsSelect().FieldName()
}

func number(x ast.Expr) (float64, bool) {
	if x.Kind() != ast.LiteralKind {
		return 0, false
	}
	n, is := x.AsLiteral().Value().(float64)
	return n, is
}
