"""Building blocks of the sample pictures: materials, shapes, light and camera for Blender's Cycles.

Lengths are metres, z points up, a box is given by its centre and size. Textures lie in world space.
Chance is seeded per scene, so that a picture comes out the same each time.
"""
import math
import random

import bpy
from mathutils import Vector, noise

rnd = random.Random(1)
D = bpy.data

def start(seed):
    """Empties the file and seeds what follows."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    rnd.seed(seed)
    noise.seed_set(seed)
    scene = bpy.context.scene
    scene.world = D.worlds.new("world")
    scene.world.use_nodes = True
    sky(0.5)

# ---- materials -------------------------------------------------------------------------------

def grey(v):
    return (v, v, v)

class Nodes:
    """A material's node tree with its world position at hand."""

    def __init__(self):
        self.material = D.materials.new("m")
        self.material.use_nodes = True
        self.tree = self.material.node_tree
        self.shader = self.tree.nodes["Principled BSDF"]
        self.position = self.new("ShaderNodeNewGeometry").outputs["Position"]

    def new(self, kind, **values):
        node = self.tree.nodes.new(kind)
        for key, value in values.items():
            name = key.replace("_", " ")
            if name in node.inputs:
                self.put(node.inputs[name], value)
            else:
                setattr(node, key, value)
        return node

    def put(self, socket, value):
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
        elif isinstance(value, tuple) and len(value) == 3 and socket.type == "RGBA":
            socket.default_value = (*value, 1)
        else:
            socket.default_value = value

    def noise(self, scale, detail=4, stretch=(1, 1, 1)):
        at = self.new("ShaderNodeMapping", Vector=self.position, Scale=stretch)
        return self.new("ShaderNodeTexNoise", Vector=at.outputs[0], Scale=scale, Detail=detail).outputs["Fac"]

    def ramp(self, value, low, high, a=0.0, b=1.0):
        """Maps low..high to a..b, cut off outside."""
        return self.new("ShaderNodeMapRange", Value=value, From_Min=low, From_Max=high, To_Min=a, To_Max=b).outputs[0]

    def math(self, operation, a, b):
        node = self.new("ShaderNodeMath", operation=operation)
        self.put(node.inputs[0], a)
        self.put(node.inputs[1], b)
        return node.outputs[0]

    def mix(self, factor, a, b):
        node = self.new("ShaderNodeMix", data_type="RGBA")
        for index, value in ((0, factor), (6, a), (7, b)):
            self.put(node.inputs[index], value)
        return node.outputs[2]

    def swizzle(self, plane):
        """The world position with the two axes named in `plane` as x and y."""
        parts = self.new("ShaderNodeSeparateXYZ", Vector=self.position).outputs
        join = self.new("ShaderNodeCombineXYZ")
        for index, axis in enumerate(plane):
            self.put(join.inputs[index], parts["xyz".index(axis)])
        return join.outputs[0]

def mat(color, rough=0.5, metal=0.0, var=0.1, scale=2.5, bump=0.0, bscale=90.0, dirt=0.0,
        dirt_color=(0.10, 0.08, 0.05), tile=None, wood=None, sheen=0.0, coat=0.0, glass=0.0, emit=0.0):
    """A surface. `tile` = (plane, width, height, joint colour, row offset); `wood` = the grain's axis."""
    n = Nodes()
    dark = tuple(c * (1 - var) for c in color)
    light = tuple(min(1, c * (1 + var)) for c in color)
    height = None
    if tile:
        plane, width, row, joint, offset = tile
        brick = n.new("ShaderNodeTexBrick", Vector=n.swizzle(plane), Scale=1.0, Color1=dark, Color2=light,
                      Mortar=joint, Mortar_Size=min(width, row) * 0.018, Mortar_Smooth=0.3, Brick_Width=width, Row_Height=row, offset=offset)
        shade, height = brick.outputs["Color"], n.math("SUBTRACT", 1.0, brick.outputs["Fac"])
    else:
        shade = n.mix(n.ramp(n.noise(scale), 0.3, 0.7), dark, light)
    if wood:
        stretch = tuple(0.06 if a == wood else 1.0 for a in "xyz")
        grain = n.ramp(n.noise(38, 6, stretch), 0.35, 0.65)
        shade = n.mix(n.math("MULTIPLY", grain, 0.55), shade, tuple(c * 0.55 for c in color))
    if dirt:
        stain = n.math("MULTIPLY", n.ramp(n.noise(1.7, 8), 0.52, 0.72), n.ramp(n.noise(9, 6), 0.3, 0.7))
        shade = n.mix(n.math("MULTIPLY", stain, dirt), shade, dirt_color)
    if bump or height is not None:
        fine = n.math("MULTIPLY", n.noise(bscale, 3), bump)
        total = fine if height is None else n.math("ADD", fine, height)
        normal = n.new("ShaderNodeBump", Strength=0.35, Distance=0.004 if height is None else 0.002, Height=total)
        n.put(n.shader.inputs["Normal"], normal.outputs[0])
    n.put(n.shader.inputs["Base Color"], shade)
    n.put(n.shader.inputs["Roughness"], n.ramp(n.noise(6), 0.3, 0.7, max(0.02, rough - 0.08), min(1, rough + 0.08)))
    for socket, value in (("Metallic", metal), ("Sheen Weight", sheen), ("Coat Weight", coat), ("Transmission Weight", glass)):
        n.shader.inputs[socket].default_value = value
    n.material["clear"] = glass > 0.4
    if emit:
        n.put(n.shader.inputs["Emission Color"], color)
        n.shader.inputs["Emission Strength"].default_value = emit
    return n.material

def picture(path, rough=0.6, emit=0.0):
    """A surface that shows an image file over its UV square."""
    n = Nodes()
    image = n.new("ShaderNodeTexImage", image=D.images.load(path)).outputs["Color"]
    n.put(n.shader.inputs["Base Color"], image)
    n.shader.inputs["Roughness"].default_value = rough
    if emit:
        n.put(n.shader.inputs["Emission Color"], image)
        n.shader.inputs["Emission Strength"].default_value = emit
    return n.material

def steel(rough=0.3):
    return mat(grey(0.55), rough, 1.0, 0.12, bump=0.15, bscale=200)

def chrome():
    return mat(grey(0.75), 0.1, 1.0, 0.03)

def cloth(color, var=0.12):
    return mat(color, 0.95, var=var, scale=14, bump=0.6, bscale=420, sheen=0.3)

def plaster(color=(0.78, 0.76, 0.70), dirt=0.12):
    return mat(color, 0.85, var=0.035, scale=1.3, bump=0.35, bscale=160, dirt=dirt, dirt_color=(0.42, 0.38, 0.31))

def terrazzo(color=(0.50, 0.46, 0.40)):
    return mat(color, 0.28, var=0.3, scale=95, tile=None, dirt=0.22)

# ---- shapes ----------------------------------------------------------------------------------

def add(mesh, material, at=(0, 0, 0), turn=(0, 0, 0), smooth=False):
    thing = D.objects.new("o", mesh)
    bpy.context.collection.objects.link(thing)
    thing.location = at
    thing.rotation_euler = tuple(math.radians(a) for a in turn)
    mesh.materials.append(material)
    thing.visible_shadow = not material.get("clear")  # caustics are off, so glass would cast black shadows
    if smooth:
        for face in mesh.polygons:
            face.use_smooth = True
    return thing

def mesh_of(points, faces):
    mesh = D.meshes.new("x")
    mesh.from_pydata(points, [], faces)
    mesh.update()
    return mesh

def box(at, size, material, turn=(0, 0, 0), bevel=0.004):
    x, y, z = (s / 2 for s in size)
    points = [(a * x, b * y, c * z) for a in (-1, 1) for b in (-1, 1) for c in (-1, 1)]
    faces = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    thing = add(mesh_of(points, faces), material, at, turn)
    if bevel:
        edge = thing.modifiers.new("b", "BEVEL")
        edge.width, edge.segments = min(bevel, min(size) * 0.45), 2
    return thing

def lathe(at, profile, material, turn=(0, 0, 0), steps=40):
    """A body of revolution round z; `profile` lists (radius, height)."""
    points, faces = [], []
    for r, z in profile:
        for i in range(steps):
            a = 2 * math.pi * i / steps
            points.append((r * math.cos(a), r * math.sin(a), z))
    for k in range(len(profile) - 1):
        for i in range(steps):
            j = (i + 1) % steps
            faces.append((k * steps + i, k * steps + j, (k + 1) * steps + j, (k + 1) * steps + i))
    thing = add(mesh_of(points, faces), material, at, turn, smooth=True)
    sharp = thing.modifiers.new("e", "EDGE_SPLIT")
    sharp.split_angle = math.radians(35)
    return thing

def rod(at, r, h, material, turn=(0, 0, 0)):
    """A closed cylinder standing on `at`."""
    return lathe(at, [(0.0005, 0), (r, 0), (r, h), (0.0005, h)], material, turn)

def ball(at, r, material, squash=1.0):
    profile = [(r * math.sin(math.pi * i / 16) + 1e-4, -r * squash * math.cos(math.pi * i / 16)) for i in range(17)]
    return lathe(at, profile, material)

def tube(points, r, material, round_=True):
    """A pipe along points."""
    curve = D.curves.new("c", "CURVE")
    curve.dimensions, curve.bevel_depth, curve.bevel_resolution, curve.use_fill_caps = "3D", r, 4, True
    line = curve.splines.new("BEZIER" if round_ else "POLY")
    if round_:
        line.bezier_points.add(len(points) - 1)
        for knot, p in zip(line.bezier_points, points):
            knot.co = p
            knot.handle_left_type = knot.handle_right_type = "AUTO"
    else:
        line.points.add(len(points) - 1)
        for knot, p in zip(line.points, points):
            knot.co = (*p, 1)
    thing = D.objects.new("t", curve)
    bpy.context.collection.objects.link(thing)
    curve.materials.append(material)
    return thing

def surface(nu, nv, where, material):
    """A smooth sheet: where(u, v) gives the point for u, v in 0..1."""
    points = [where(i / nu, j / nv) for j in range(nv + 1) for i in range(nu + 1)]
    row = nu + 1
    faces = [(j * row + i, j * row + i + 1, (j + 1) * row + i + 1, (j + 1) * row + i)
             for j in range(nv) for i in range(nu)]
    return add(mesh_of(points, faces), material, smooth=True)

def rag(at, r, material):
    """A crumpled piece of cloth."""
    seed = rnd.random() * 60

    def where(u, v):
        a, b = 2 * math.pi * u, math.pi * v
        d = (math.cos(a) * math.sin(b), math.sin(a) * math.sin(b), math.cos(b))
        k = r * (1 + 0.55 * wobble(d[0] + seed, d[1], d[2], 1.5) + 0.3 * wobble(d[0], d[1] + seed, d[2], 4))
        return (at[0] + k * d[0], at[1] + k * d[1], at[2] + 0.5 * k * d[2])
    surface(40, 24, where, material)

def wobble(x, y, z, size):
    return noise.noise(Vector((x, y, z)) * size)

def sheet(path, at, size, turn=(90, 0, 0), rough=0.6, emit=0.0):
    """A flat rectangle with an image; with the default turn it hangs on a wall and faces -y."""
    w, h = size[0] / 2, size[1] / 2
    mesh = mesh_of([(-w, -h, 0), (w, -h, 0), (w, h, 0), (-w, h, 0)], [(0, 1, 2, 3)])
    layer = mesh.uv_layers.new()
    for corner, uv in zip(layer.data, ((0, 0), (1, 0), (1, 1), (0, 1))):
        corner.uv = uv
    return add(mesh, picture(path, rough, emit), at, turn)

def pillow(at, size, material, turn=(0, 0, 0)):
    w, d, h = size
    seed = rnd.random() * 50

    def half(sign):
        def where(u, v):
            a, b = 2 * u - 1, 2 * v - 1
            full = ((1 - abs(a) ** 3.2) * (1 - abs(b) ** 3.2)) ** 0.5
            pinch = 1 - 0.10 * (1 - abs(a * b))
            crease = 0.10 * wobble(u * w + seed, v * d, sign, 9)
            return (a * w / 2 * pinch, b * d / 2 * pinch, sign * h / 2 * full * (1 + crease))
        return where
    for sign in (1, -1):
        part = surface(28, 20, half(sign), material)
        part.location = at
        part.rotation_euler = tuple(math.radians(t) for t in turn)

def blanket(x0, x1, y0, y1, top, drop, material, folds=0.02):
    """A cover laid over the rectangle; it hangs down by `drop` on all sides but the head (y1)."""
    seed = rnd.random() * 90

    def where(u, v):
        x = x0 - drop + u * (x1 - x0 + 2 * drop)
        y = y0 - drop + v * (y1 - y0 + drop)
        out = max(0, x0 - x, x - x1, y0 - y)
        cx, cy = min(max(x, x0), x1), max(y, y0)
        z = top - out + folds * wobble(cx + seed, cy, out, 4.5) + folds * 0.4 * wobble(cx, cy + seed, out, 13)
        wave = 0.018 + 0.012 * out / max(drop, 0.01) * (1 + math.sin((cx + cy) * 19 + seed))
        if out > 0:
            cx += wave if x > x1 else -wave if x < x0 else 0
            cy -= wave if y < y0 else 0
        return (cx, cy, z)
    surface(70, 80, where, material)

def curtain(x0, x1, y, z0, z1, material, folds=7, depth=0.035, along="x"):
    seed = rnd.random() * 40

    def where(u, v):
        t = x0 + u * (x1 - x0)
        d = depth * math.sin(u * folds * 2 * math.pi + 0.9 * wobble(u * 3, v, seed, 2)) * (0.75 + 0.25 * (1 - v))
        d += 0.02 * wobble(u * 2, v * 2, seed, 1.5)
        z = z0 + v * (z1 - z0)
        return (t, y + d, z) if along == "x" else (y + d, t, z)
    surface(folds * 22, 24, where, material)

def wall(a, b, height, material, holes=(), thick=0.25, base=0.0):
    """A wall from point a to point b; holes are (from, to, low, high) along it. Its inner face runs from a to b,
    the body lies to the right of that direction."""
    (ax, ay), (bx, by) = a, b
    length = math.hypot(bx - ax, by - ay)
    ux, uy = (bx - ax) / length, (by - ay) / length
    angle = math.degrees(math.atan2(uy, ux))

    def piece(s, e, low, high):
        if e - s < 1e-3 or high - low < 1e-3:
            return
        m = (s + e) / 2
        at = (ax + ux * m + uy * thick / 2, ay + uy * m - ux * thick / 2, base + (low + high) / 2)
        box(at, (e - s, thick, high - low), material, (0, 0, angle), bevel=0)
    done = 0.0
    for s, e, low, high in sorted(holes):
        piece(done, s, 0, height)
        piece(s, e, 0, low)
        piece(s, e, high, height)
        done = e
    piece(done, length, 0, height)

def room(w, d, h, walls, floor, ceiling, back=(), left=(), right=(), skirt=None):
    """x runs -w/2..w/2, y runs 0..d (the back wall); open towards the camera at y < 0 by nothing but a wall at -1."""
    box((0, d / 2, -0.05), (w + 1, d + 3, 0.1), floor, bevel=0)
    box((0, d / 2, h + 0.05), (w + 1, d + 3, 0.1), ceiling, bevel=0)
    wall((w / 2, d), (-w / 2, d), h, walls, [(w - e, w - s, lo, hi) for s, e, lo, hi in back])
    wall((-w / 2, d), (-w / 2, -1), h, walls, [(d - e, d - s, lo, hi) for s, e, lo, hi in left])
    wall((w / 2, -1), (w / 2, d), h, walls, [(s + 1, e + 1, lo, hi) for s, e, lo, hi in right])
    wall((-w / 2, -1), (w / 2, -1), h, walls)
    if skirt:
        box((0, d - 0.006, 0.045), (w, 0.012, 0.09), skirt)
        for side in (-1, 1):
            box((side * (w / 2 - 0.006), d / 2 - 0.5, 0.045), (0.012, d + 1, 0.09), skirt)

def window(x, y, z0, w, h, frame, sill=None):
    """A two-leaf window in a wall that runs along x, seen from -y."""
    t = 0.06
    for dx in (-w / 2, w / 2, 0):
        box((x + dx, y, z0 + h / 2), (t if dx else 0.09, 0.05, h), frame)
    for dz in (0, h):
        box((x, y, z0 + dz), (w + t, 0.05, t), frame)
    box((x + 0.03, y - 0.045, z0 + h * 0.46), (0.015, 0.03, 0.11), steel())
    if sill:
        box((x, y - 0.14, z0 - 0.035), (w + 0.2, 0.3, 0.03), sill)

def radiator(x, y, z, w, h=0.6):
    enamel = mat((0.83, 0.81, 0.75), 0.35, var=0.03, dirt=0.15)
    count = int(w / 0.06)
    for i in range(count):
        box((x - w / 2 + (i + 0.5) * 0.06, y, z + h / 2), (0.05, 0.09, h), enamel, bevel=0.02)
    for dz in (0.05, h - 0.05):
        tube([(x - w / 2, y, z + dz), (x + w / 2, y, z + dz)], 0.018, enamel, False)
    tube([(x + w / 2, y, z + 0.05), (x + w / 2 + 0.1, y, z + 0.05), (x + w / 2 + 0.1, y, 0)], 0.012, enamel, False)

def socket(at, turn=(0, 0, 0)):
    box(at, (0.12, 0.012, 0.08), mat(grey(0.82), 0.35, var=0.02), turn)

# ---- light and camera ------------------------------------------------------------------------

def sky(strength, color=(0.75, 0.85, 1.0)):
    background = bpy.context.scene.world.node_tree.nodes["Background"]
    background.inputs[0].default_value = (*color, 1)
    background.inputs[1].default_value = strength

def sun(strength, turn, color=(1, 0.93, 0.82)):
    lamp = D.lights.new("s", "SUN")
    lamp.energy, lamp.color, lamp.angle = strength, color, math.radians(0.6)
    thing = D.objects.new("s", lamp)
    thing.rotation_euler = tuple(math.radians(a) for a in turn)
    bpy.context.collection.objects.link(thing)

def glow(at, size, turn, power, color=(1, 1, 1)):
    """A rectangular light that the camera does not see. It shines along its own -z."""
    lamp = D.lights.new("a", "AREA")
    lamp.shape, lamp.size, lamp.size_y, lamp.energy, lamp.color = "RECTANGLE", size[0], size[1], power, color
    thing = D.objects.new("a", lamp)
    thing.location, thing.rotation_euler = at, tuple(math.radians(a) for a in turn)
    thing.visible_camera = thing.visible_glossy = False
    bpy.context.collection.objects.link(thing)

def neon(x, y, z, length, power=40, along="y", color=(1.0, 0.96, 0.88)):
    """A fluorescent fitting under a ceiling."""
    size = (0.16, length, 0.06) if along == "y" else (length, 0.16, 0.06)
    box((x, y, z - 0.03), size, mat(grey(0.8), 0.5))
    box((x, y, z - 0.065), (size[0] * 0.85, size[1] * 0.97, 0.02), mat(color, emit=7), bevel=0)
    glow((x, y, z - 0.09), (size[0], size[1]), (0, 0, 0), power, color)

def camera(at, target, lens=26, roll=0.0, fstop=None, exposure=0.0, portrait=False):
    """A phone's camera: 26 mm is its ordinary lens. `exposure` in stops."""
    scene = bpy.context.scene
    lens_data = D.cameras.new("c")
    lens_data.lens, lens_data.clip_start = lens, 0.02
    lens_data.sensor_fit = "VERTICAL" if portrait else "HORIZONTAL"
    lens_data.sensor_height = lens_data.sensor_width = 36
    thing = D.objects.new("c", lens_data)
    thing.location = at
    look = (Vector(target) - Vector(at)).to_track_quat("-Z", "Y")
    thing.rotation_euler = look.to_euler()
    thing.rotation_euler.rotate_axis("Z", math.radians(roll))
    if fstop:
        lens_data.dof.use_dof = True
        lens_data.dof.aperture_fstop, lens_data.dof.focus_distance = fstop, (Vector(target) - Vector(at)).length
    bpy.context.collection.objects.link(thing)
    scene.camera = thing
    scene.view_settings.exposure = exposure
    scene["portrait"] = portrait
