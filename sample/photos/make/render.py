"""Renders one scene: render.py NAME OUT.png [draft]. One thread; the light is traced by Cycles and denoised."""
import sys

import bpy

import details
import rooms
import studio

SCENES = {**rooms.SCENES, **details.SCENES}


def main(name, out, draft):
    studio.start(sum(map(ord, name)))
    SCENES[name]()
    scene = bpy.context.scene
    width, height = (600, 800) if scene["portrait"] else (800, 600)
    factor = 0.4 if draft else 0.72
    scene.render.engine = "CYCLES"
    scene.render.resolution_x, scene.render.resolution_y = int(width * factor), int(height * factor)
    scene.render.threads_mode, scene.render.threads = "FIXED", 1
    scene.render.filepath, scene.render.image_settings.file_format = out, "PNG"
    cycles = scene.cycles
    cycles.device, cycles.samples, cycles.seed = "CPU", 7, 1
    cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 4, 2, 2
    cycles.transmission_bounces, cycles.sample_clamp_indirect = 4, 4
    cycles.caustics_reflective = cycles.caustics_refractive = False
    scene.view_settings.view_transform, scene.view_settings.look = "Filmic", "High Contrast"
    bpy.ops.render.render(write_still=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], "draft" in sys.argv[3:])
