package expression

import (
	"slices"
	"time"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"

	"latchkey/catalog"
)

// asks finds what has to be looked up for an expression: the groups that it names, who somebody's manager is,
// and the person's colleagues.
func asks(a *ast.AST) (catalog.Expression, []Problem) {
	v := looking{at: a.SourceInfo(), named: map[int64]bool{}, each: map[string]ast.Expr{}}
	ast.PreOrderVisit(a.Expr(), ast.NewExprVisitor(v.see))
	return v.asks, v.problems
}

// looking is a walk through an expression, from the outside in.
type looking struct {
	at       *ast.SourceInfo
	asks     catalog.Expression
	problems []Problem
	named    map[int64]bool      // where groups are asked for by name
	each     map[string]ast.Expr // what stands for each of a list, and the list
}

func (v *looking) see(x ast.Expr) {
	switch x.Kind() {
	case ast.SelectKind:
		v.attribute(x)
	case ast.IdentKind:
		v.asks.Peers = v.asks.Peers || x.AsIdent() == "peers"
		v.asks.Length = v.asks.Length || x.AsIdent() == "wanted" || x.AsIdent() == "permanent"
	case ast.ComprehensionKind:
		v.each[x.AsComprehension().IterVar()] = x.AsComprehension().IterRange()
	case ast.CallKind:
		v.call(x.AsCall())
	}
}

func (v *looking) attribute(x ast.Expr) {
	s := x.AsSelect()
	v.asks.Manager = v.asks.Manager || s.FieldName() == "manager"
	if s.FieldName() == "groups" && !v.named[x.ID()] {
		of := s.Operand()
		v.problems = append(v.problems, at(v.at.GetStartLocation(of.ID()), `%s.groups can only be asked for one that is named, so that it can be looked up: write for example "okta:contractors" in %s.groups`, name(of), name(of)))
	}
}

func name(x ast.Expr) string {
	if x.Kind() == ast.IdentKind {
		return x.AsIdent()
	}
	return "person"
}

func (v *looking) call(c ast.CallExpr) {
	switch args := c.Args(); {
	case c.FunctionName() == "duration" && len(args) == 1:
		v.duration(args[0])
	case c.FunctionName() == operators.In && len(args) == 2 && isGroups(args[1]):
		v.member(args[0], args[1])
	case c.FunctionName() == operators.In && len(args) == 2:
		v.oneOf(args[0], args[1])
	case len(args) == 2:
		v.compared(args[0], args[1])
		v.compared(args[1], args[0])
	}
}

func isGroups(x ast.Expr) bool {
	return x.Kind() == ast.SelectKind && x.AsSelect().FieldName() == "groups"
}

func (v *looking) duration(x ast.Expr) {
	text, is := literal(x)
	if _, err := time.ParseDuration(text); is && err != nil {
		v.problems = append(v.problems, at(v.at.GetStartLocation(x.ID()), "%q is no time in an expression: write %s", text, durationOf(text)))
	}
}

// member is a question whether somebody is in a group, or in each of a list of groups.
func (v *looking) member(one, groups ast.Expr) {
	names := []ast.Expr{one}
	if one.Kind() == ast.IdentKind {
		if list, is := v.each[one.AsIdent()]; is && list.Kind() == ast.ListKind {
			names = list.AsList().Elements()
		}
	}
	for _, n := range names {
		text, is := literal(n)
		if !is {
			return
		}
		v.group(n, text)
	}
	v.named[groups.ID()] = true
}

func (v *looking) group(x ast.Expr, text string) {
	g, err := catalog.ParseGroupRef(text)
	switch {
	case err != nil:
		v.problems = append(v.problems, at(v.at.GetStartLocation(x.ID()), "%q is not a group: write its directory before it, as in %q", text, "okta:"+text))
	case !slices.Contains(v.asks.Groups, g):
		v.asks.Groups = append(v.asks.Groups, g)
	}
}

func literal(x ast.Expr) (string, bool) {
	if x.Kind() != ast.LiteralKind {
		return "", false
	}
	text, is := x.AsLiteral().Value().(string)
	return text, is
}
