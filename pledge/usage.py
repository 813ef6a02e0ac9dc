"""Commands whose help and complaints about their own words are Chinese throughout."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from pledge.problem import reason
from pledge.shape import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence


class Verb(click.Command):
    """A command with Chinese help."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        pieces = [piece.replace("[OPTIONS]", "[选项]") for piece in self.collect_usage_pieces(ctx)]
        formatter.write_usage(ctx.command_path, " ".join(pieces), "用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        found = (option.get_help_record(ctx) for option in self.get_params(ctx))
        shown = [
            (name, text.replace("[required]", "（必须写）")) for name, text in filter(None, found) if text
        ]
        _section(formatter, "选项", shown)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return `--help` with a Chinese text."""
        option = super().get_help_option(ctx)
        if option:
            option.help = "显示这段说明。"
        return option


class Verbs(Verb, click.Group):
    """The group of commands, which lists them in Chinese."""

    command_class = Verb

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's method
        """Return the names of the commands in the order in which help lists them."""
        return list(self.commands)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options and the commands."""
        super().format_options(ctx, formatter)
        known = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        listed = [(name, command.help or "") for name, command in known if command]
        _section(formatter, "命令", listed)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that *args* name; raises a Chinese usage error where there is none."""
        names = self.list_commands(ctx)
        if args[0] not in names:
            hint = nearest(args[0], names)
            raise click.UsageError(f"没有“{args[0]}”这个命令{hint}；可用的有：{'、'.join(names)}", ctx)
        return super().resolve_command(ctx, args)


def _section(formatter: click.HelpFormatter, heading: str, rows: list[tuple[str, str]]) -> None:
    formatter.write(f"\n{heading}：\n")
    formatter.indent()
    formatter.write_dl(rows)
    formatter.dedent()


def run(group: Verbs, arguments: Sequence[str] | None = None) -> None:
    """Run *group*; words it does not understand end in one Chinese line and exit 2."""
    try:
        sys.exit(group.main(arguments, prog_name="pledge", standalone_mode=False) or 0)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "", err=True)
        sys.exit(2)
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "pledge"
        click.echo(f"{_said(error)}\n{path} --help 有说明。", err=True)
        sys.exit(2)
    except click.Abort:
        sys.exit(130)
    except OSError as error:  # the output's own end: a full disk, a closed pipe
        click.echo(f"写不出去（{reason(error)}）。", err=True)
        sys.exit(2)


def _said(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        return f"没有“{error.option_name}”这个选项"
    if isinstance(error, click.BadOptionUsage):
        return f"选项“{error.option_name}”后面要写一个值"
    if isinstance(error, click.MissingParameter) and error.param is not None:
        argument = isinstance(error.param, click.Argument)
        return f"缺少{error.param.metavar if argument else error.param.opts[0]}"
    if isinstance(error, click.BadParameter) and error.param is not None:
        name = error.param.opts[0]
        kind = error.param.type
        if isinstance(kind, click.Choice):
            return f"{name} 只能是：{'、'.join(map(str, kind.choices))}"
        return f"{name} 的值写错了"
    return error.message if not error.message.isascii() else "多写了参数"
