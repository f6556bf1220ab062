"""Axes, legends and curves that several chapters draw alike."""

from nnbook.drawing.axes import axes_in_points, integer_axis, legend_above, log_axis, plot_lines
from nnbook.drawing.style import subplots


def test_a_logarithmic_axis_has_powers_of_ten_as_labels():
    _, ax = subplots()
    ax.set(xlim=(1e-3, 1e2))
    log_axis(ax.xaxis)
    assert ax.get_xscale() == "log"
    assert ax.xaxis.get_major_formatter()(0.001, 0) == "10⁻³"


def test_ticks_of_an_integer_axis_are_integers():
    _, ax = subplots()
    ax.set(xlim=(0, 3))
    integer_axis(ax.xaxis)
    assert all(tick == round(tick) for tick in ax.get_xticks())


def test_axes_in_points_give_a_lone_figure_their_size():
    fig, ax = subplots()
    axes_in_points(ax, (0, 144), (-36, 36))
    assert fig.get_size_inches().tolist() == [2, 1]
    assert not ax.axison


def test_axes_in_points_leave_the_size_of_a_shared_figure_alone():
    fig, axes = subplots(1, 2)
    before = fig.get_size_inches().copy()
    axes_in_points(axes[0], (0, 144), (-36, 36))
    assert (fig.get_size_inches() == before).all()


def test_lines_differ_in_colour_and_dash():
    _, ax = subplots()
    one, two = plot_lines(ax, {"one": ([0, 1], [0, 1]), "two": ([0, 1], [1, 0])})
    assert one.get_label() == "one"
    assert two.get_ydata().tolist() == [1, 0]
    assert one.get_color() != two.get_color()
    assert one.get_linestyle() != two.get_linestyle()


def test_long_labels_of_a_legend_get_fewer_columns():
    _, ax = subplots()
    plot_lines(ax, {"a label of a curve": ([0], [0]), "another label": ([0], [0])})
    legend_above(ax)
    assert ax.get_legend()._ncols == 1
    legend_above(ax, columns=2)
    assert ax.get_legend()._ncols == 2
